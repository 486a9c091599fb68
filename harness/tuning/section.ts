import { basename } from 'node:path';
import { z } from 'zod';
import { check } from '../config/check.ts';
import { lookUp } from '../config/entry.ts';
import { found, type Located, type LocatedMap, nodeAt, singleValuesAsLists } from '../config/located.ts';
import { Mistakes } from '../config/mistakes.ts';
import { pathIn } from '../config/path-in.ts';
import { SPLIT_NAMES } from '../data/dataset.ts';
import type { Precision } from '../engine/devices/kind.ts';
import { UserError } from '../errors.ts';
import type { DataSelection } from '../plan/data-selection.ts';
import type { Experiment } from '../plan/experiment.ts';
import { type MetricPoint, readMetric } from '../plan/metric-points.ts';
import type { Registries } from '../plan/registries.ts';
import type { Solver } from '../solvers/solver.ts';
import { type Axis, readAxis } from './axis.ts';
import type { Budget } from './trials.ts';

/** The keys of the section `tune` of an experiment. */
export const tuneSchema = z.object({
  split: z
    .enum(SPLIT_NAMES)
    .default('validation')
    .describe('Pictures to tune on: validation or train; test is refused.'),
  folder: z
    .string()
    .optional()
    .describe('Instead of split: a folder of pictures that the experiment does not score.'),
  count: z.int().min(1).default(4).describe('The first so many pictures.'),
  seeds: z.array(z.int().min(0)).min(1).default([0]).describe('Each trial runs once a seed on each picture.'),
  budget: z
    .int()
    .min(1)
    .describe('Network evaluations (forward passes) for each method on each task, the same for all.'),
  metric: z
    .string()
    .optional()
    .describe("What is made best, in the metric's own direction; by default the experiment's first."),
  sequence: z.int().min(0).default(0).describe('Seed of the sequence of points in ranges.'),
  search: z
    .record(z.string(), z.unknown())
    .describe('By solver and parameter: a list of candidates, or { from, to, scale }.'),
});

/** The section as it is meant: names looked up, every candidate that is written judged by the solver's schema. */
export interface Tuning {
  readonly data: DataSelection;
  readonly seeds: readonly number[];
  readonly budget: Budget;
  readonly metric: MetricPoint;
  readonly sequence: number;
  readonly searches: readonly SolverSearch[];
}

/** What is searched for one solver, on every task that it runs on. */
export interface SolverSearch {
  readonly solver: Solver;
  readonly axes: readonly Axis[];
  /** Where the solver's name stands. */
  readonly where: Located['where'];
}

/** Reads the section `tune` of an experiment's file. Throws a UserError with every mistake in it, and its place. */
export function readTuning(root: Located, experiment: Experiment, registries: Registries): Tuning {
  const node = sectionOf(root);
  const mistakes = new Mistakes();
  const keys = mistakes.attempt(() => check(tuneSchema, node, 'tune'));
  const data = keys && mistakes.attempt(() => readData(keys, node, experiment, registries));
  const metric = mistakes.attempt(() => readTunedMetric(node, experiment.precision, registries));
  const searches = readSearches(node, solversOf(experiment), "solver among this experiment's", mistakes);
  mistakes.refuse();
  const { seeds, sequence, budget: passes, count } = keys!;
  return {
    data: data!,
    metric: metric ?? { metric: experiment.metrics[0]!.metric, where: node.where },
    seeds,
    sequence,
    budget: { passes, cellsATrial: count * seeds.length, where: nodeAt(node, ['budget']).where },
    searches,
  };
}

/** Looks for the section's mistakes in a file whose experiment is not known for others: any solver may be its own. */
export function lookAtTuning(root: Located, registries: Registries, mistakes: Mistakes): void {
  const node = mistakes.attempt(() => sectionOf(root));
  if (!node) return;
  mistakes.attempt(() => check(tuneSchema, node, 'tune'));
  mistakes.attempt(() => readTunedMetric(node, 'float32', registries));
  readSearches(node, registries.solvers, 'solver', mistakes);
}

function sectionOf(root: Located): LocatedMap {
  const section = root.kind === 'map' ? root.entries.get('tune')?.value : undefined;
  if (!section) throw new UserError('missing key "tune": expected what to search', root.where);
  if (section.kind !== 'map')
    throw new UserError(`tune: expected a mapping, found ${found(section)}`, section.where);
  return singleValuesAsLists(section, ['seeds']);
}

/** null: none is named. */
function readTunedMetric(node: LocatedMap, precision: Precision, registries: Registries): MetricPoint | null {
  const metric = node.entries.get('metric')?.value;
  if (metric?.kind !== 'scalar' || typeof metric.value !== 'string') return null;
  return readMetric(metric.value, precision, metric, registries);
}

function readData(
  { split, folder, count }: z.infer<typeof tuneSchema>,
  node: LocatedMap,
  { data }: Experiment,
  registries: Registries,
): DataSelection {
  const { where } = nodeAt(node, [folder === undefined ? 'split' : 'folder']);
  const selection = { count, where, selectionWhere: nodeAt(node, ['count']).where };
  if (folder !== undefined) {
    if (node.entries.has('split')) throw new UserError('tune: expected either split or folder', where);
    const path = pathIn(node, 'folder', folder);
    const dataset = registries.openFolder(path);
    return {
      ...selection,
      dataset,
      split: 'test',
      ref: { kind: 'folder', name: basename(path), folder: path },
    };
  }
  if (split === 'test')
    throw new UserError(
      'tune.split: nothing is tuned on the test split, which methods are compared on; expected validation or train',
      where,
    );
  if (data.ref.kind === 'folder')
    throw new UserError(
      `tune: the experiment's pictures are a folder, which has no split ${split}; expected folder: DIR, with other pictures`,
      where,
    );
  return { ...selection, dataset: data.dataset, split, ref: data.ref };
}

function solversOf({ tasks }: Experiment): Map<string, Solver> {
  return new Map(tasks.flatMap(({ solvers }) => solvers.map(({ solver }) => [solver.name, solver] as const)));
}

/** What can be read of `search`; what cannot is added to the mistakes. */
function readSearches(
  section: LocatedMap,
  known: ReadonlyMap<string, Solver>,
  called: string,
  mistakes: Mistakes,
): SolverSearch[] {
  const node = section.entries.get('search')?.value;
  if (node?.kind !== 'map') return [];
  const refuse = (message: string, { where }: Located) => mistakes.add(new UserError(message, where));
  if (node.entries.size === 0)
    refuse(`tune.search: expected solver: { parameter: candidates }, found ${found(node)}`, node);
  return [...node.entries].flatMap(([name, { keyWhere, value }]) => {
    const solver = mistakes.attempt(() => lookUp(known, name, called, keyWhere));
    if (value.kind !== 'map' || value.entries.size === 0) {
      refuse(`tune.search.${name}: expected parameter: candidates, found ${found(value)}`, value);
      return [];
    }
    if (!solver) return [];
    const axes = [...value.entries].flatMap(
      ([parameter, entry]) => mistakes.attempt(() => readAxis(solver, parameter, entry)) ?? [],
    );
    return [{ solver, axes, where: keyWhere }];
  });
}
