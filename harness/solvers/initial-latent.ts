import { type Tensor, tf } from '../engine/tf.ts';
import { adjoint } from '../operators/proximal.ts';
import { ddimSteps } from '../priors/ddim.ts';
import type { LatentPrior } from '../priors/prior.ts';
import type { InverseProblem } from '../tasks/task.ts';
import type { SolverContext } from './solver.ts';

/** z_T [B,c,h,w]: Gaussian noise, or E(A^T y) noised to the first time step of N (SOLVERS.md 1.5, port B). */
export function initialLatent(
  kind: 'noise' | 'EAty',
  { y, A }: InverseProblem,
  prior: LatentPrior,
  steps: number,
  ctx: SolverContext,
): Tensor {
  const noise = ctx.normal('initial', prior.latentShape);
  if (kind === 'noise') return noise;
  const { alphaBar } = ddimSteps(prior.schedule, steps)[0]!;
  return tf.tidy(() =>
    tf.add(tf.mul(prior.encode(adjoint(A, y)), Math.sqrt(alphaBar)), tf.mul(noise, Math.sqrt(1 - alphaBar))),
  );
}
