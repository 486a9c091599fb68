import type { Traits } from '../data/dataset.ts';
import { tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import { datasetOf, type Known, named } from '../plan/registries.ts';
import { loadItems, poseBatch, valuesOf } from './batch.ts';
import type { Problem } from './messages.ts';

/** What the result of one picture is judged by beside its truth; what its task does not say is left out. */
interface WantedOfOne {
  readonly caption?: string | undefined;
  /** For each pixel, row-major: 0 where the result is to be as the picture was, 1 elsewhere. */
  readonly mask?: ArrayLike<number> | undefined;
  readonly traits?: Traits | undefined;
}

/** Poses the problem of one picture again: whatever batch it was posed in, what is wanted of it is the same. */
export async function wantedOf(problem: Problem, known: Known): Promise<WantedOfOne> {
  const { setting } = problem;
  const dataset = datasetOf(setting.data, known);
  const task = named(known.tasks, setting.task);
  tf.engine().startScope();
  try {
    const { wanted = {} } = await poseBatch(problem, task, dataset, await loadItems(problem, dataset));
    const { captions, mask, traits } = wanted;
    return {
      caption: captions?.[0],
      mask: mask && (await valuesOf(mask)).data,
      traits: traits?.[0],
    };
  } finally {
    tf.engine().endScope();
  }
}

/** @throws UserError where a task does not say what a metric compares with */
export function required<T>(wanted: T | undefined, metric: string, task: string, what: string): T {
  if (wanted !== undefined) return wanted;
  throw new UserError(`${metric}: the task ${task} does not say ${what}`);
}
