import { z } from 'zod';
import { countGrid, gridPoints, lookUp } from '../config/entry.ts';
import { found, type Located, nodeAt } from '../config/located.ts';
import { Mistakes } from '../config/mistakes.ts';
import type { ExperimentKeys } from '../config/schema.ts';
import { ZIP } from '../config/zip.ts';
import { type SourceLocation, UserError } from '../errors.ts';
import { canonicalJson } from '../identity/canonical.ts';
import type { Params } from '../identity/refs.ts';
import type { Solver } from '../solvers/solver.ts';
import type { Task } from '../tasks/task.ts';
import { counted } from '../text/count.ts';
import type { SolverPoint, TaskPoint } from './experiment.ts';
import { type Choice, type Choices, lackOfTask } from './fit.ts';
import type { PlannedPrior } from './inspect-priors.ts';
import type { PriorName } from './prior-points.ts';

/** What is left out of an experiment: all to which every part of it that is not null applies. */
export interface Exclusion {
  readonly solver: Solver | null;
  readonly params: SomeParams | null;
  readonly task: Task | null;
  readonly taskParams: SomeParams | null;
  readonly prior: PriorName | null;
  readonly where: SourceLocation;
  /** Whether it is a mistake that nothing is so. */
  readonly mustMatch: boolean;
}

/** Some parameters, and the JSON of each choice of their values. */
interface SomeParams {
  readonly names: readonly string[];
  readonly values: ReadonlySet<string>;
}

/** What an experiment names. */
interface Named {
  readonly solvers: ReadonlyMap<string, Solver>;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly priors: readonly { readonly name: PriorName }[];
}

/** Reads the key `exclude`. @throws UserError for names that the experiment has not, and values that a schema refuses */
export function readExclusions(written: ExperimentKeys['exclude'], node: Located, named: Named): Exclusion[] {
  const mistakes = new Mistakes();
  const exclusions = written.flatMap(
    (one, i) => mistakes.attempt(() => readExclusion(one, nodeAt(node, [i]), named)) ?? [],
  );
  mistakes.refuse();
  return exclusions;
}

function readExclusion(
  written: ExperimentKeys['exclude'][number],
  node: Located,
  { solvers, tasks, priors }: Named,
): Exclusion {
  const among = <T>(registry: ReadonlyMap<string, T>, key: 'solver' | 'task' | 'prior') => {
    const name = written[key];
    return name === undefined
      ? null
      : lookUp(registry, name, `${key} among this experiment's`, nodeAt(node, [key]).where);
  };
  const params = <T extends { readonly name: string; readonly params: z.ZodObject }>(
    owner: T | null,
    called: 'solver' | 'task',
    key: 'params' | 'taskParams',
  ) => {
    if (written[key] === undefined) return null;
    const values = nodeAt(node, [key]);
    if (owner) return readParams(owner, values);
    throw new UserError(`exclude: ${key} without a ${called} to which they belong`, values.where);
  };
  const solver = among(solvers, 'solver');
  const task = among(tasks, 'task');
  const prior = among(new Map(priors.map(({ name }) => [name, name])), 'prior');
  const exclusion = {
    solver,
    params: params(solver, 'solver', 'params'),
    task,
    taskParams: params(task, 'task', 'taskParams'),
    prior,
  };
  if (solver || task || prior !== null) return { ...exclusion, where: node.where, mustMatch: true };
  throw new UserError(`exclude: expected a solver, a task or a prior, found ${found(node)}`, node.where);
}

/** Possibly a grid: each of its points is meant. */
function readParams(
  owner: { readonly name: string; readonly params: z.ZodObject },
  node: Located,
): SomeParams {
  const fields = new Map(Object.entries(owner.params.shape));
  const written = node.kind === 'map' ? [...node.entries] : [];
  const names = written.flatMap(([name, { keyWhere }]) => {
    if (name === ZIP && !fields.has(ZIP)) return [];
    lookUp(fields, name, `parameter of ${owner.name}`, keyWhere);
    return [name];
  });
  if (names.length === 0)
    throw new UserError(`exclude: expected parameters of ${owner.name}, found ${found(node)}`, node.where);
  const schema = z.object(Object.fromEntries(names.map((name) => [name, fields.get(name)!])));
  countGrid(schema, node, owner.name);
  const points = gridPoints(schema, node, owner.name);
  return { names, values: new Set(points.map(({ params }) => jsonOf(names, params))) };
}

const jsonOf = (names: readonly string[], params: Params) =>
  canonicalJson(names.map((name) => params[name] ?? null));

const haveOneOf = (wanted: SomeParams | null, params: Params) =>
  wanted === null || wanted.values.has(jsonOf(wanted.names, params));

function isOfTask({ task, taskParams }: Exclusion, point: TaskPoint): boolean {
  return (task === null || task === point.task) && haveOneOf(taskParams, point.params);
}

function isOfMethod({ solver, params, prior }: Exclusion, point: SolverPoint, name: PriorName): boolean {
  return (
    (solver === null || solver === point.solver) &&
    (prior === null || prior === name) &&
    haveOneOf(params, point.params)
  );
}

/** What is left: tasks with their solvers, and the priors that those are to use. */
interface Left {
  readonly tasks: readonly TaskPoint[];
  readonly choices: Choices<PlannedPrior>;
  /** How much is left out, in a line. */
  readonly notes: readonly string[];
}

/**
 * Leaves out what is excluded. A task that is excluded as such goes with its baseline.
 * @throws UserError for an exclusion to which nothing is so, and where nothing is left
 */
export function withoutExcluded(
  tasks: readonly TaskPoint[],
  choices: Choices<PlannedPrior>,
  exclusions: readonly Exclusion[],
): Left {
  const [first] = exclusions;
  if (!first) return { tasks, choices, notes: [] };
  const matched = new Set<Exclusion>();
  const isExcluded = (by: readonly Exclusion[]) => {
    for (const one of by) matched.add(one);
    return by.length > 0;
  };
  let methods = 0;
  const kept = new Map<SolverPoint, readonly Choice<PlannedPrior>[]>();
  const left = tasks.flatMap((point) => {
    const about = exclusions.filter((one) => isOfTask(one, point));
    const whole = about.filter(({ solver, prior }) => solver === null && prior === null);
    const solvers = point.solvers.flatMap((solver) => {
      const all = choices.get(solver)!;
      const used = all.filter(
        ({ prior }) => !isExcluded(about.filter((one) => isOfMethod(one, solver, prior.name))),
      );
      const out = all.filter((choice) => !used.includes(choice) && choice.lack === null);
      if (lackOfTask(solver.solver, point.task) === null) methods += out.length;
      if (used.length === 0) return [];
      // The points of a task's grid have solvers in common, of which each may keep others.
      const own = { ...solver };
      kept.set(own, used);
      return [own];
    });
    if (!isExcluded(whole)) return [{ ...point, solvers }];
    if (point.task.baseline) methods++;
    return [];
  });
  refuseIdle(exclusions, matched);
  if (left.length === 0) throw new UserError('exclude: leaves no task', first.where);
  return { tasks: left, choices: kept, notes: [`exclude leaves out ${counted(methods, 'method')}`] };
}

function refuseIdle(exclusions: readonly Exclusion[], matched: ReadonlySet<Exclusion>): void {
  const mistakes = new Mistakes();
  for (const one of exclusions)
    if (one.mustMatch && !matched.has(one))
      mistakes.add(new UserError('exclude: matches no method of this experiment', one.where));
  mistakes.refuse();
}
