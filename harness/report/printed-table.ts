import { groupBy } from '../group-by.ts';
import type { TableRef } from '../plan/plan.ts';
import { rolesOf } from '../tasks/roles.ts';
import type { Column } from './columns.ts';
import type { Method } from './methods.ts';
import { type Section, sectionsOf } from './sections.ts';
import type { ReportSource } from './source.ts';
import { buildTables, type Cell, type TableModel, type TableRow } from './table-model.ts';
import { tableTitle, taskTitles } from './titles.ts';

/** A table as every format prints it: methods against the metrics of one setting, or of several side by side. */
export interface PrintedTable {
  readonly title: string;
  readonly blocks: readonly Block[];
  readonly sections: readonly Section<PrintedRow>[];
  /** Whether rows name their priors: those of several in one experiment. */
  readonly withPriors: boolean;
  /** Whether differences to the reference stand beside the means. */
  readonly withDifferences: boolean;
  readonly withIntervals: boolean;
  /** Below the table; those of a method begin with its mark. */
  readonly footnotes: readonly string[];
}

/** The columns of one setting. */
export interface Block {
  /** Over its columns, the widest first: data set where there are several, task; none where the title says it. */
  readonly headings: readonly string[];
  readonly experiment: string;
  readonly table: TableModel;
}

export interface PrintedRow {
  readonly label: string;
  readonly method: Method;
  /** One a block; null where the method has no row. */
  readonly parts: readonly (TableRow | null)[];
}

/** What is printed: the tables that the experiment asks for, by default one a setting. */
export function printedTables(source: ReportSource): PrintedTable[] {
  if (source.tables.length > 0) return source.tables.map((table) => sideBySide(table, source));
  return buildTables(source).map((table) => ({
    title: tableTitle(table),
    blocks: [{ headings: [], experiment: source.experiment, table }],
    sections: sectionsOf(
      table.rows.map((row) => ({ label: row.method.label, method: row.method, parts: [row] })),
    ),
    withPriors: table.priors.length > 1,
    withDifferences: table.reference !== null,
    withIntervals: true,
    footnotes: [],
  }));
}

/** Every setting of the experiment in one table. */
export const EVERYTHING: TableRef = {
  title: null,
  experiments: null,
  tasks: null,
  metrics: null,
  methods: null,
  groups: true,
  intervals: false,
  footnotes: [],
};

/** Settings side by side. Rows of several settings, or experiments, that have one label are one. */
export function sideBySide(asked: TableRef, source: ReportSource): PrintedTable {
  const names = [...new Set(asked.experiments ?? [source.experiment])];
  const sources = names.flatMap((name) =>
    name === source.experiment ? [source] : (source.others.get(name) ?? []),
  );
  const all = sources.map((one) => ({
    experiment: one.experiment,
    tables: inOrder(buildTables(chosen(asked, one)), asked.tasks),
  }));
  const missing = names.filter((name) => name !== source.experiment && !source.others.has(name));
  const table = printedSideBySide(asked, all);
  const notes = missing.map((name) => noteOf(`experiment ${name} has no results here`));
  return { ...table, footnotes: [...table.footnotes, ...notes] };
}

/** The settings of the experiment side by side, a table a kind of task: methods of one kind have no results on another's. */
export function overviews(source: ReportSource): PrintedTable[] {
  const { experiment } = source;
  const byKind = groupBy(buildTables(source), ({ kind }) => kind);
  return [...byKind.values()].map((tables) => {
    const title = `Methods to ${rolesOf(tables[0]!.kind).does}`;
    return printedSideBySide({ ...EVERYTHING, title }, [{ experiment, tables }]);
  });
}

function printedSideBySide(asked: TableRef, all: readonly OfExperiment[]): PrintedTable {
  const tables = all.flatMap(({ tables }) => tables);
  const blocks = blocksOf(all);
  const several = blocks.length > 1;
  const labelOf = ({ method }: TableRow) => (several && method.trivial ? 'Trivial baseline' : method.label);
  const labels = [...new Set(tables.flatMap(({ rows }) => rows.map(labelOf)))];
  const marks = new Marks(asked.footnotes);
  const rows = labels.map((label): PrintedRow => {
    const parts = tables.map((table) => table.rows.find((row) => labelOf(row) === label) ?? null);
    const { method } = parts.find((part) => part !== null)!;
    return { label: label + marks.of(method), method, parts };
  });
  const place = ({ method }: PrintedRow) =>
    method.trivial ? -1 : (asked.methods?.findIndex((name) => isCalled(method, name)) ?? 0);
  rows.sort((a, b) => place(a) - place(b));
  const ungrouped = [{ title: null, rows }];
  return {
    title: asked.title ?? [...new Set(tables.map(tableTitle))].join('; '),
    blocks,
    sections: asked.groups ? sectionsOf(rows) : ungrouped,
    withPriors: all.length === 1 && new Set(tables.flatMap(({ priors }) => priors)).size > 1,
    withDifferences: false,
    withIntervals: asked.intervals,
    footnotes: marks.notes,
  };
}

/** What stands in the tables, setting by setting. */
export function settingsOf(printed: readonly PrintedTable[]): TableModel[] {
  return printed.flatMap(({ blocks }) => blocks.map(({ table }) => table));
}

/** The columns of all blocks, one after the other. */
export function columnsIn({ blocks }: PrintedTable): Column[] {
  return blocks.flatMap(({ table }) => table.columns);
}

/** A row's cells for them. */
export function cellsIn({ parts }: PrintedRow, { blocks }: PrintedTable): (Cell | null)[] {
  return parts.flatMap((part, i) => part?.cells ?? blocks[i]!.table.columns.map(() => null));
}

/** The part of a source that a table asks for: ranks are among what it shows. */
function chosen({ tasks, metrics, methods }: TableRef, source: ReportSource): ReportSource {
  if (tasks === null && metrics === null && methods === null) return source;
  const names = metrics ?? source.metrics.map(({ name }) => name);
  const ofMethods = new Set(
    source.methods
      .filter(
        (one) => one.kind === 'baseline' || methods === null || methods.some((name) => isNamed(one, name)),
      )
      .map(({ key }) => key),
  );
  const ofSettings = new Set(
    source.settings.filter(({ task }) => tasks === null || tasks.includes(task)).map(({ key }) => key),
  );
  const isAsked = (row: { readonly method: string; readonly setting: string }) =>
    ofMethods.has(row.method) && ofSettings.has(row.setting);
  return {
    ...source,
    metrics: names.flatMap((name) => source.metrics.find((one) => one.name === name) ?? []),
    rows: source.rows.filter((row) => isAsked(row) && names.includes(row.metric)),
    setRows: source.setRows.filter((row) => isAsked(row) && names.includes(row.metric)),
    skipped: source.skipped.filter(isAsked),
    failures: source.failures.filter(isAsked),
  };
}

const isNamed = ({ name, title }: { readonly name: string; readonly title: string }, asked: string) =>
  name === asked || title === asked;
const isCalled = ({ solver, title }: Method, asked: string) => isNamed({ name: solver, title }, asked);

function inOrder(tables: readonly TableModel[], tasks: readonly string[] | null): TableModel[] {
  if (tasks === null) return [...tables];
  return [...tables].sort((a, b) => tasks.indexOf(a.task) - tasks.indexOf(b.task));
}

interface OfExperiment {
  readonly experiment: string;
  readonly tables: readonly TableModel[];
}

/**
 * One setting alone is named by the title. Several data sets stand over their tasks, each in one run of columns; experiments
 * over all, where data sets do not tell them apart.
 */
function blocksOf(all: readonly OfExperiment[]): Block[] {
  const several = all.flatMap(({ tables }) => tables).length > 1;
  const setsOf = all.map(({ tables }) => [...new Set(tables.map(({ dataset }) => dataset))]);
  const sets = new Set(setsOf.flat());
  const isTold = setsOf.flat().length === sets.size;
  return all.flatMap(({ experiment, tables }) =>
    [...groupBy(tables, ({ dataset }) => dataset)].flatMap(([dataset, ofSet]) => {
      const titles = taskTitles(ofSet);
      return ofSet.map((table) => {
        const levels = [
          ...(isTold ? [] : [experiment]),
          ...(sets.size > 1 ? [dataset] : []),
          titles.get(table.key)!,
        ];
        return { headings: several ? levels : [], experiment, table };
      });
    }),
  );
}

/** Never the start of a line: in Markdown that is where lists begin. */
function noteOf(text: string): string {
  return `Note: ${text}`;
}

/** Numbers behind names, as in ` [1]`, and the notes that they refer to. */
class Marks {
  readonly #marks: readonly { readonly method: string; readonly number: number }[];
  readonly notes: readonly string[];

  constructor(footnotes: TableRef['footnotes']) {
    const texts = [...new Set(footnotes.flatMap(({ method, text }) => (method === null ? [] : [text])))];
    const numberOf = (text: string) => texts.indexOf(text) + 1;
    this.#marks = footnotes.flatMap(({ method, text }) =>
      method === null ? [] : [{ method, number: numberOf(text) }],
    );
    this.notes = [
      ...texts.map((text) => `[${numberOf(text)}] ${text}`),
      ...footnotes.flatMap(({ method, text }) => (method === null ? [noteOf(text)] : [])),
    ];
  }

  of(method: Method): string {
    const numbers = this.#marks.filter((one) => isCalled(method, one.method)).map(({ number }) => number);
    return numbers.length > 0 ? ` [${numbers.join(',')}]` : '';
  }
}
