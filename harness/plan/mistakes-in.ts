import type { z } from 'zod';
import { check } from '../config/check.ts';
import { countGrid, type Entry, gridPoints, lookUp } from '../config/entry.ts';
import { TooLarge } from '../config/limits.ts';
import { type Located, type LocatedMap, listOf, nodeAt } from '../config/located.ts';
import { Mistakes } from '../config/mistakes.ts';
import { experimentSchema } from '../config/schema.ts';
import { UserError } from '../errors.ts';
import { readData } from './data-selection.ts';
import { readExclusions } from './exclude.ts';
import { readExecutor } from './executor.ts';
import {
  checkDevice,
  methodNames,
  readSolver,
  readTaskAlone,
  refuseOverrides,
  tunedFor,
  withLists,
} from './experiment.ts';
import { readMetric } from './metric-points.ts';
import { selectIds } from './pictures.ts';
import { readPriors } from './prior-points.ts';
import type { Registries } from './registries.ts';
import { readReport } from './report-parts.ts';

/** Methods that are looked at: one mistake is known already, and the others cost no more than a moment. */
const MOST_LOOKED_AT = 10_000;

/** Reads what else stands in the file, whatever else is wrong in it; the other mistakes are given to add to. */
export type AlsoLook = (root: Located, known: Registries, mistakes: Mistakes) => void;

/**
 * Looks for the other mistakes of an experiment that has one: each part is read by itself, as far as it can be understood
 * without the parts that are wrong.
 * @throws UserError with the first and all others
 */
export async function refuseAll(
  first: UserError,
  root: Located,
  registries: Registries,
  alsoLook: AlsoLook,
): Promise<never> {
  const mistakes = new Mistakes();
  if (first instanceof TooLarge) throw first;
  mistakes.add(first);
  if (root.kind === 'map') {
    const tree = withLists(root);
    lookThrough(tree, registries, mistakes);
    await lookAtData(tree, registries, mistakes);
    alsoLook(root, registries, mistakes);
  }
  mistakes.refuse();
  throw first;
}

function lookThrough(tree: LocatedMap, registries: Registries, mistakes: Mistakes): void {
  const keys = mistakes.attempt(() => check(experimentSchema, tree, ''));
  const priors = mistakes.attempt(() => readPriors(tree, registries.priors));
  const solvers = entriesOf(tree, 'solvers').flatMap((node) => {
    const entry = mistakes.attempt(() => readSolver(node, priors, registries));
    return entry ? [entry] : [];
  });
  let left = MOST_LOOKED_AT;
  const checkGrid = ({ thing, params }: Entry<{ readonly name: string; readonly params: z.ZodObject }>) => {
    left -= mistakes.attempt(() => countGrid(thing.params, params, thing.name)) ?? left;
    if (left > 0) mistakes.attempt(() => gridPoints(thing.params, params, thing.name));
  };
  solvers.forEach(checkGrid);
  const tasks = entriesOf(tree, 'tasks').flatMap((node) => {
    left -= solvers.length;
    const entry = mistakes.attempt(() => readTaskAlone(node, registries));
    if (!entry) return [];
    mistakes.attempt(() => refuseOverrides(entry, registries));
    checkGrid(entry);
    if (left > 0) tunedFor(entry, solvers).forEach(checkGrid);
    return [entry.thing];
  });
  const precision = keys?.precision ?? 'float32';
  for (const [name, node] of namesIn(tree, 'metrics'))
    mistakes.attempt(() => readMetric(name, precision, node, registries));
  for (const [name, node] of namesIn(tree, 'devices'))
    mistakes.attempt(() => checkDevice(name, precision, node, registries));
  mistakes.attempt(() => readExecutor(tree, registries.solvers));
  if (!keys) return;
  if (solvers.length < entriesOf(tree, 'solvers').length) return;
  const known = new Map(solvers.map(({ thing }) => [thing.name, thing]));
  const areTasksKnown = tasks.length === entriesOf(tree, 'tasks').length;
  if (priors && areTasksKnown) {
    const named = { solvers: known, tasks: new Map(tasks.map((task) => [task.name, task])), priors };
    mistakes.attempt(() => readExclusions(keys.exclude, nodeAt(tree, ['exclude']), named));
  }
  const metrics = keys.metrics ?? [...registries.metrics.keys()];
  mistakes.attempt(() =>
    readReport(keys.report, nodeAt(tree, ['report']), {
      solvers: known,
      registries,
      own: {
        tasks: areTasksKnown ? tasks.map(({ name }) => name) : [...registries.tasks.keys()],
        metrics,
        methods: methodNames(solvers),
      },
      points: null,
    }),
  );
}

/** The section by itself; of one that is no selection, the name of its set. */
async function lookAtData(tree: LocatedMap, registries: Registries, mistakes: Mistakes): Promise<void> {
  const node = tree.entries.get('data')?.value;
  if (node?.kind !== 'map') return;
  const keys = mistakes.attempt(() => check(experimentSchema.shape.data, node, 'data'));
  if (!keys) {
    for (const [name, { where }] of namesIn(node, 'set'))
      mistakes.attempt(() => lookUp(registries.datasets, name, 'data set', where));
    return;
  }
  const data = mistakes.attempt(() => readData(keys, node, registries));
  if (!data) return;
  try {
    await selectIds(data);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    mistakes.add(error);
  }
}

function entriesOf(tree: LocatedMap, key: string): readonly Located[] {
  const node = tree.entries.get(key)?.value;
  return node ? listOf(node) : [];
}

/** The entries that are text. */
function namesIn(tree: LocatedMap, key: string): (readonly [string, Located])[] {
  return entriesOf(tree, key).flatMap((node) =>
    node.kind === 'scalar' && typeof node.value === 'string' ? [[node.value, node] as const] : [],
  );
}
