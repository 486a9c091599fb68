import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { type ByUnknown, mapUnknowns } from '../operators/operator-family.ts';
import { ddpmSample } from '../priors/ddpm.ts';
import type { Prior } from '../priors/prior.ts';
import { reverseSteps } from './checked-parameters.ts';
import { gradientsOf, norm } from './parts/gradients.ts';
import { type AncestralAt, ancestral } from './parts/grids.ts';
import { priorsOfUnknowns } from './parts/unknown-priors.ts';
import { defineSolver } from './solver.ts';

/** Something for each chain: the picture's, and one for each unknown. */
type Chains<T> = { readonly x: T; readonly kernel: T; readonly tilt?: T };

function mapChains<T, R>(
  { x, ...unknowns }: Chains<T>,
  fn: (value: T, name: keyof Chains<T>) => R,
): Chains<R> {
  return { x: fn(x, 'x'), ...mapUnknowns<T, R>(unknowns, fn) };
}

/**
 * BlindDPS (arXiv 2211.10656, Algorithms 1 and 2): the picture, the kernel and through turbulence the tilt each have an
 * ancestral chain; all are moved against the gradient of ||y - A_u0 x0||, in which they meet.
 */
export default defineSolver({
  solves: 'blind',
  name: 'blind-dps',
  title: 'BlindDPS',
  version: 1,
  paper: 'Chung, Kim, Kim and Ye, CVPR 2023 (arXiv 2211.10656)',
  requires: { pixels: true, learnedVariance: true },
  params: z.strictObject({
    steps: reverseSteps(1000, 2),
    alpha: z.number().min(0).default(0.3).describe('step size, of each chain'),
    stepRule: z
      .enum(['constant', 'rising'])
      .default('constant')
      .describe('alpha at each step, as the paper; rising: sqrt(abar_t) in its place, as the public code'),
  }),
  passes: (p) => p.steps,
  async solve({ y, A }, prior, p, run) {
    const priors: Chains<Pick<Prior, 'shape' | 'predict'>> = {
      x: prior,
      ...priorsOfUnknowns(A, prior),
    };
    const decoded = ({ x, ...codes }: Chains<Tensor>): Chains<Tensor> => ({
      x,
      ...mapUnknowns(A.unknowns, ({ decode }, name) => decode(codes[name]!)),
    });

    type S = { now: Chains<Tensor>; x0: Chains<Tensor> };
    type G = ByUnknown<Tensor> & { alpha: Tensor };
    const step = run.step(({ now }: S, at: AncestralAt, { alpha, ...fresh }: G) => {
      const { gradients, q, x0 } = gradientsOf(now as Required<Chains<Tensor>>, (now) => {
        const q = mapChains(priors, ({ predict }, name) => ({
          ...at.posterior(now[name], predict(now[name], at.t)),
        }));
        const x0 = decoded(mapChains(q, ({ x0 }) => x0));
        return { q, x0, loss: norm(tf.sub(y, A.forward(x0.x, x0))) };
      });
      const sampled = mapChains(q, (q, name) => (name === 'x' ? at.draw(q) : ddpmSample(q, fresh[name]!)));
      return { now: mapChains(sampled, (x, name) => tf.sub(x, tf.mul(alpha, gradients[name]))), x0 };
    });

    const start = mapChains(priors, ({ shape }) => run.normal('initial', shape));
    let s: S = { now: start, x0: start };
    for (const at of run.steps(ancestral(prior, p.steps))) {
      const fresh = mapUnknowns(A.unknowns, ({ shape }) =>
        at.next < 0 ? tf.zeros([run.batch, ...shape]) : run.normal('step', shape),
      );
      const alpha = tf.scalar(p.stepRule === 'constant' ? p.alpha : prior.schedule.level(at.t).signal);
      s = await step(s, at, { ...fresh, alpha });
    }
    const { x, ...codes } = s.now;
    return decoded({ x, ...mapUnknowns(codes, (code) => tf.clipByValue(code, -1, 1)) });
  },
});
