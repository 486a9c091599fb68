import { tf } from '../engine/tf.ts';
import { datasetOf, type Known, named } from '../plan/registries.ts';
import type { Given } from '../tasks/kinds.ts';
import type { Task } from '../tasks/task.ts';
import { loadItems, poseBatch, valuesOf } from './batch.ts';
import type { Problem } from './messages.ts';

/**
 * The misfit of a result [C,H,W] of a restoration to what was measured: the root mean square of y - A(x) over the entries
 * that A measures, and the noise's standard deviation.
 */
export async function residual(
  problem: Problem,
  result: Float32Array,
  known: Known,
): Promise<{ rms: number; sigma: number }> {
  const { setting } = problem;
  const dataset = datasetOf(setting.data, known);
  const task = named(known.tasks, setting.task) as Task<'restore'>;
  tf.engine().startScope();
  try {
    const posed = await poseBatch(problem, task, dataset, await loadItems(problem, dataset));
    const { y, A, sigma }: Given['restore'] = posed.given;
    const difference = tf.sub(y, A.forward(tf.tensor(result, [1, ...setting.imageShape])));
    const measured = A.restrict?.(tf.onesLike(y)) ?? tf.onesLike(y);
    const [squares, count] = [
      await valuesOf(tf.sum(tf.square(tf.mul(difference, measured)))),
      await valuesOf(tf.sum(measured)),
    ];
    return { rms: Math.sqrt(squares.data[0]! / Math.max(1, count.data[0]!)), sigma };
  } finally {
    tf.engine().endScope();
  }
}
