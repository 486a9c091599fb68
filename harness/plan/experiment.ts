import { BESIDE_SOLVERS, BESIDE_TASKS } from '../beside-names.ts';
import { check } from '../config/check.ts';
import { countGrid, type Entry, type GridPoint, gridPoints, lookUp, readEntry } from '../config/entry.ts';
import { refuseTooMany } from '../config/limits.ts';
import {
  found,
  type Located,
  type LocatedMap,
  listOf,
  merge,
  nodeAt,
  singleValuesAsLists,
} from '../config/located.ts';
import { Mistakes } from '../config/mistakes.ts';
import { type ExperimentKeys, experimentSchema, groupSchema, LISTS, labelSchema } from '../config/schema.ts';
import type { Precision } from '../engine/devices/kind.ts';
import { type SourceLocation, UserError } from '../errors.ts';
import { namedByDraws } from '../identity/mean-of-draws.ts';
import type { MethodGroup } from '../identity/method-group.ts';
import { kindOf, type Solver } from '../solvers/solver.ts';
import type { Task } from '../tasks/task.ts';
import { type DataSelection, readData } from './data-selection.ts';
import { asNamed } from './described.ts';
import { type Draws, readDraws } from './draws.ts';
import { type Exclusion, readExclusions } from './exclude.ts';
import { type Executor, readExecutor } from './executor.ts';
import { isFor } from './fit.ts';
import { type MetricPoint, readMetric, usualMetrics } from './metric-points.ts';
import { placed } from './placed.ts';
import { type ChosenPrior, type PriorPoint, readPriorNames, readPriors } from './prior-points.ts';
import type { Registries } from './registries.ts';
import { type ReportParts, readReport } from './report-parts.ts';
import type { RowLabel } from './row-labels.ts';
import { refuseUnasked } from './unasked.ts';

/** One point of a task's grid, with the solver parameters tuned for it. */
export interface TaskPoint extends GridPoint {
  readonly task: Task;
  /** Every solver point to run on it. */
  readonly solvers: readonly SolverPoint[];
  /** What stands under override beside its name; null: nothing. */
  readonly override: LocatedMap | null;
}

/** One point of a solver's grid. */
export interface SolverPoint extends GridPoint {
  readonly solver: Solver;
  /** The priors that it is to use, as named beside it; null: the one that fits. */
  readonly priors: readonly ChosenPrior[] | null;
  /** What tables call it; null: as it calls itself. */
  readonly label: RowLabel | null;
  /** What tables group it under; null: what its prior says. */
  readonly group: MethodGroup | null;
  /** Of which its result is the mean; null: it is one draw. */
  readonly draws: Draws | null;
  /** The parameters as they stand under `solvers`: a grid, without a task's overrides. */
  readonly entry: Located;
}

/** A validated experiment: names looked up, grids expanded, defaults filled in. Nothing has been loaded. */
export interface Experiment
  extends Omit<
    ExperimentKeys,
    'prior' | 'priors' | 'data' | 'tasks' | 'solvers' | 'exclude' | 'metrics' | 'report' | 'tune' | 'executor'
  > {
  readonly priors: readonly PriorPoint[];
  readonly data: DataSelection;
  readonly tasks: readonly TaskPoint[];
  /** What of them is not to run. */
  readonly exclude: readonly Exclusion[];
  readonly metrics: readonly MetricPoint[];
  readonly executor: Executor;
  readonly report: ReportParts;
}

/** Validates a whole experiment file. Throws a UserError with the place of the first problem. */
export function readExperiment(root: Located, registries: Registries): Experiment {
  if (root.kind !== 'map') throw new UserError(`expected an experiment, found ${found(root)}`, root.where);
  const tree = withLists(root);
  const keys = check(experimentSchema, tree, '');

  const priors = readPriors(tree, registries.priors);
  const entries = listOf(nodeAt(tree, ['solvers'])).map((node) => readSolver(node, priors, registries));
  const { items, count } = keys.data;
  const tasks = readTasks(nodeAt(tree, ['tasks']), entries, registries, {
    repetitions: keys.seeds.length * (items?.length ?? count ?? 1),
    where: nodeAt(tree, ['solvers']).where,
  });
  const named = keys.metrics ?? usualMetrics(tasks, nodeAt(tree, ['tasks']));
  const metrics = named.map((name, i) =>
    readMetric(name, keys.precision, nodeAt(tree, keys.metrics ? ['metrics', i] : ['tasks']), registries),
  );
  refuseUnasked(metrics, tasks, registries);
  for (const [i, device] of keys.devices.entries())
    checkDevice(device, keys.precision, nodeAt(tree, ['devices', i]), registries);
  const solvers = new Map(entries.map(({ thing }) => [thing.name, thing]));
  return {
    ...keys,
    priors,
    data: readData(keys.data, nodeAt(tree, ['data']), registries),
    tasks,
    exclude: readExclusions(keys.exclude, nodeAt(tree, ['exclude']), {
      solvers,
      tasks: new Map(tasks.map(({ task }) => [task.name, task])),
      priors,
    }),
    metrics,
    executor: readExecutor(tree, registries.solvers),
    report: readReport(keys.report, nodeAt(tree, ['report']), {
      solvers,
      registries,
      own: { tasks: tasks.map(({ task }) => task.name), metrics: named, methods: methodNames(entries) },
      points: tasks.map((task) => task.solvers),
    }),
  };
}

/** @throws UserError for a device that there is not, or that cannot compute so */
export function checkDevice(
  name: string,
  precision: Precision,
  { where }: Located,
  registries: Registries,
): void {
  const kinds = new Map([...registries.devices].map((kind) => [kind, kind]));
  lookUp(kinds, name.split(/[:+]/)[0]!, 'device', where);
  placed(where, () => registries.checkDevice(name, precision));
}

/** An experiment's mapping with lists where lists are meant. */
export function withLists(root: LocatedMap): LocatedMap {
  return singleValuesAsLists(root, LISTS);
}

/** A solver with the priors that stand beside its name. */
export type SolverEntry = Entry<Solver> & Pick<SolverPoint, 'priors' | 'label' | 'group' | 'draws' | 'entry'>;

/** @param priors null: not known, so that the names beside it are not looked up */
export function readSolver(
  written: Located,
  priors: readonly PriorPoint[] | null,
  registries: Registries,
): SolverEntry {
  const node = asNamed(written);
  refuseBeside(node, 'override', "override stands beside a task's name, not a solver's");
  const entry = readEntry(node, 'solver', registries.solvers, BESIDE_SOLVERS);
  refuseAmongParameters(entry);
  const named = entry.beside.get('prior');
  const label = entry.beside.get('label');
  const group = entry.beside.get('group');
  return {
    ...entry,
    priors: named && priors ? readPriorNames(named, priors) : null,
    label: label ? { text: check(labelSchema, label, 'label'), where: label.where } : null,
    group: group ? check(groupSchema, group, 'group') : null,
    draws: readDraws(entry.beside.get('draws')),
    entry: entry.params,
  };
}

/** @throws UserError where a key that stands beside the name is among the parameters, and is none of them */
function refuseAmongParameters({ thing, params }: Entry<Solver>): void {
  if (params.kind !== 'map') return;
  for (const [key, { keyWhere }] of params.entries)
    if (BESIDE_SOLVERS.includes(key) && !Object.hasOwn(thing.params.shape, key))
      throw new UserError(`${key} stands beside a solver's name, not among its parameters`, keyWhere);
}

/** What a report can call them: solvers, and labels beside them. */
export function methodNames(solvers: readonly SolverEntry[]): string[] {
  return solvers.flatMap(({ thing, label, draws }) => {
    if (draws) return [thing.name, namedByDraws(label?.text ?? thing.title ?? thing.name, draws.count)];
    return [thing.name, ...(label ? [label.text] : [])];
  });
}

/** For a key that belongs beside another kind of entry. */
function refuseBeside(node: Located, key: string, message: string): void {
  const stray = node.kind === 'map' && node.entries.size > 1 ? node.entries.get(key) : undefined;
  if (stray) throw new UserError(message, stray.keyWhere);
}

/** A task with the solvers to run on it, their grids not yet expanded. */
interface TaskEntry extends Entry<Task>, Pick<TaskPoint, 'override'> {
  readonly tuned: readonly SolverEntry[];
}

/**
 * Every task's points with their solvers' ones; counted before they are made.
 * @param size how often each cell is there at least, for seeds and pictures; where to complain
 */
function readTasks(
  node: Located,
  solvers: readonly SolverEntry[],
  registries: Registries,
  size: { readonly repetitions: number; readonly where: SourceLocation },
): TaskPoint[] {
  const nodes = listOf(node);
  const refuse = (methods: number) => refuseTooMany(methods, size.repetitions, size.where);
  refuse(nodes.length * (1 + solvers.length));
  const entries = nodes.map((one) => readTask(one, solvers, registries));
  refuse(entries.reduce((sum, entry) => sum + countMethods(entry), 0));
  return entries.flatMap(({ thing: task, params, override, tuned }) => {
    const points = tuned.flatMap(({ thing: solver, params, priors, label, group, draws, entry }) =>
      gridPoints(solver.params, params, solver.name).map((point) => ({
        solver,
        priors,
        label,
        group,
        draws,
        entry,
        ...point,
      })),
    );
    return gridPoints(task.params, params, task.name).map((point) => ({
      task,
      override,
      ...point,
      solvers: points,
    }));
  });
}

function readTask(node: Located, solvers: readonly SolverEntry[], registries: Registries): TaskEntry {
  const entry = readTaskAlone(node, registries);
  refuseOverrides(entry, registries);
  return { ...entry, tuned: tunedFor(entry, solvers) };
}

/** An entry of `tasks`; what stands in its override is not looked at. */
export function readTaskAlone(node: Located, registries: Registries): Omit<TaskEntry, 'tuned'> {
  refuseBeside(node, 'prior', "prior stands beside a solver's name, not a task's");
  const entry = readEntry(node, 'task', registries.tasks, BESIDE_TASKS);
  const override = entry.beside.get('override') ?? null;
  if (override && override.kind !== 'map') {
    throw new UserError(
      `override: expected solver: { parameters }, found ${found(override)}`,
      override.where,
    );
  }
  return { ...entry, override };
}

/** @throws UserError for names in an override that are no solvers, or of solvers that never run on the task */
export function refuseOverrides(
  { thing, override }: Omit<TaskEntry, 'tuned'>,
  { solvers }: Registries,
): void {
  const mistakes = new Mistakes();
  for (const [name, { keyWhere }] of override?.entries ?? [])
    mistakes.attempt(() => refuseOverride(lookUp(solvers, name, 'solver', keyWhere), thing, keyWhere));
  mistakes.refuse();
}

/** The solvers' entries with the task's parameters laid over them. */
export function tunedFor(
  { override }: Pick<TaskEntry, 'override'>,
  solvers: readonly SolverEntry[],
): SolverEntry[] {
  return solvers.map((solver) => {
    const own = override?.entries.get(solver.thing.name)?.value;
    return own ? { ...solver, params: merge(solver.params, own) } : solver;
  });
}

/** A task's overrides for a method that never runs on it would be in vain. */
function refuseOverride(solver: Solver, task: Task, where: SourceLocation): void {
  if (isFor(solver, task)) return;
  throw new UserError(
    `override: ${solver.name} is a method to ${kindOf(solver)} and never runs on ${task.name} (${task.kind})`,
    where,
  );
}

/** Rows of a task's table: its baseline and each solver point, for each point of its own. */
function countMethods({ thing: task, params, tuned }: TaskEntry): number {
  const solvers = tuned.reduce(
    (sum, { thing, params, priors }) =>
      sum + (priors?.length ?? 1) * countGrid(thing.params, params, thing.name),
    0,
  );
  return countGrid(task.params, params, task.name) * (1 + solvers);
}
