import type { Tensor } from '../engine/tf.ts';
import type { Prior } from '../priors/prior.ts';
import type { Run } from '../solvers/run.ts';
import type { Given } from '../tasks/kinds.ts';
import type { External } from './description.ts';

/** Has the program solve a batch. */
export async function converse(
  { command }: External,
  _given: Given['restore'],
  _prior: Prior,
  _params: Readonly<Record<string, unknown>>,
  _run: Run,
): Promise<Tensor> {
  throw new Error(`${command[0]}: programs are not run yet`);
}
