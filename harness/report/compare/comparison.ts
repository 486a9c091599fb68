import { groupBy } from '../../group-by.ts';
import { jackknifeError } from '../../metrics/jackknife.ts';
import { type Difference, estimate, pairedDifference, type Score } from '../../metrics/statistics.ts';
import type { SetRow } from '../../store/rows.ts';
import { type Column, columnKey } from '../columns.ts';
import type { MethodInfo, ReportSource } from '../source.ts';
import { buildTables, type TableModel } from '../table-model.ts';
import { tableTitle } from '../titles.ts';
import { type ConfigChange, changeText, configChanges } from './config-changes.ts';
import { matchUp } from './match.ts';

/** A number of both, over the pictures and seeds that both have. */
export interface ComparedNumber {
  readonly first: number;
  readonly second: number;
  /** Second minus first, paired by (picture, seed); of whole sets by blocks of images, without p. */
  readonly difference: Difference;
}

export interface ComparedMethod {
  /** As the second calls it. */
  readonly label: string;
  /** What differs in it, e.g. `steps 50 -> 100`. */
  readonly changes: readonly string[];
  /** One a column; null where one of them has no number, an infinite one, or they share no picture. */
  readonly numbers: readonly (ComparedNumber | null)[];
}

export interface ComparedSetting {
  readonly title: string;
  readonly changes: readonly string[];
  /** Metrics that both have under the same version and protocol. */
  readonly columns: readonly Column[];
  readonly methods: readonly ComparedMethod[];
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
}

/** Two experiments, or versions of one. */
export interface Comparison {
  readonly first: string;
  readonly second: string;
  /** null: the file of one of them was not kept. */
  readonly changes: readonly ConfigChange[] | null;
  readonly settings: readonly ComparedSetting[];
  /** Titles of settings that one alone has. */
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
}

/** What is compared: results, and what their file says. */
export interface Compared {
  readonly source: ReportSource;
  readonly config: Readonly<Record<string, unknown>> | null;
}

/**
 * What changed from one experiment to another, in their files and in their numbers. Settings and methods belong together
 * that are the same or, where only one on each side is left of a task and of a solver, those, with what differs in them.
 */
export function compare(first: Compared, second: Compared): Comparison {
  const { pairs, onlyFirst, onlySecond } = matchUp(buildTables(first.source), buildTables(second.source), [
    ({ key }) => key,
    ({ task, dataset, taskParams }) => JSON.stringify([task, dataset, taskParams]),
    ({ task, dataset }) => JSON.stringify([task, dataset]),
  ]);
  return {
    first: first.source.experiment,
    second: second.source.experiment,
    changes: first.config && second.config ? configChanges(first.config, second.config) : null,
    settings: pairs.map(([one, other]) => compareSetting(first.source, one, second.source, other)),
    onlyFirst: onlyFirst.map(tableTitle),
    onlySecond: onlySecond.map(tableTitle),
  };
}

/** Whether there is a number to compare. */
export function sharesNumbers({ settings }: Comparison): boolean {
  return settings.some(({ methods }) =>
    methods.some(({ numbers }) => numbers.some((number) => number !== null)),
  );
}

function compareSetting(
  first: ReportSource,
  one: TableModel,
  second: ReportSource,
  other: TableModel,
): ComparedSetting {
  const columns = other.columns.filter((column) =>
    one.columns.some((same) => columnKey(same) === columnKey(column)),
  );
  const labels = new Map([...one.rows, ...other.rows].map(({ method }) => [method.key, method.label]));
  const { pairs, onlyFirst, onlySecond } = matchUp(methodsOf(first, one), methodsOf(second, other), [
    ({ key }) => key,
    ({ kind, name, title, priorName }) => JSON.stringify([kind, name, title, priorName]),
    ({ kind, name, priorName }) => JSON.stringify([kind, name, priorName]),
    ({ kind, name }) => JSON.stringify([kind, name]),
  ]);
  const label = ({ key }: MethodInfo) => labels.get(key)!;
  const numbersOfFirst = numbersOf(first, one);
  const numbersOfSecond = numbersOf(second, other);
  return {
    title: tableTitle(other),
    changes: configChanges(one.taskParams, other.taskParams).map(changeText),
    columns,
    methods: pairs.map(([a, b]) => ({
      label: label(b),
      changes: methodChanges(a, b),
      numbers: columns.map((column) =>
        column.ofSets
          ? compareSets(numbersOfFirst.set(a, column), numbersOfSecond.set(b, column))
          : compareScores(numbersOfFirst.scores(a, column), numbersOfSecond.scores(b, column)),
      ),
    })),
    onlyFirst: onlyFirst.map(label),
    onlySecond: onlySecond.map(label),
  };
}

/** In the order of the table's rows. */
function methodsOf({ methods }: ReportSource, { rows }: TableModel): MethodInfo[] {
  return rows.map(({ method }) => methods.find(({ key }) => key === method.key)!);
}

function numbersOf({ rows, setRows }: ReportSource, { key }: TableModel) {
  const of = (method: string, column: Parameters<typeof columnKey>[0]) => `${method}\n${columnKey(column)}`;
  const scores = groupBy(
    rows.filter(({ setting }) => setting === key),
    (row) => of(row.method, row),
  );
  const sets = setRows.filter(({ setting }) => setting === key);
  return {
    scores: (method: MethodInfo, column: Column): Score[] =>
      (scores.get(of(method.key, column)) ?? []).map(({ item, seed, value }) => ({
        image: item,
        seed,
        value,
      })),
    set: (method: MethodInfo, column: Column): SetRow | undefined =>
      sets.find((row) => of(row.method, row) === of(method.key, column)),
  };
}

function methodChanges(a: MethodInfo, b: MethodInfo): string[] {
  const facts = ({ version, sourceSha256, priorName, prior }: MethodInfo) => ({
    version,
    'plug-in': sourceSha256?.slice(0, 8),
    prior: priorName ?? undefined,
    weights: prior?.weightsSha256.slice(0, 8),
  });
  return [...configChanges(a.params, b.params), ...configChanges(facts(a), facts(b))].map(changeText);
}

function compareScores(first: readonly Score[], second: readonly Score[]): ComparedNumber | null {
  const pair = ({ image, seed }: Score) => JSON.stringify([image, seed]);
  const common = (scores: readonly Score[], others: readonly Score[]) => {
    const known = new Set(others.map(pair));
    return scores.filter((score) => known.has(pair(score)));
  };
  const [a, b] = [common(first, second), common(second, first)];
  if (a.length === 0 || ![...a, ...b].every(({ value }) => Number.isFinite(value))) return null;
  return { first: estimate(a).mean, second: estimate(b).mean, difference: pairedDifference(b, a) };
}

/** Sets of one protocol have the same truths; with as many blocks they lose the same ones together. */
function compareSets(first: SetRow | undefined, second: SetRow | undefined): ComparedNumber | null {
  if (!first || !second) return null;
  const mean = second.value - first.value;
  const error =
    first.replicates.length === second.replicates.length
      ? jackknifeError(second.replicates.map((value, block) => value - first.replicates[block]!))
      : null;
  const half = error === null ? Number.NaN : 1.96 * error;
  const difference = { mean, low: mean - half, high: mean + half, images: second.images, p: Number.NaN };
  return { first: first.value, second: second.value, difference };
}
