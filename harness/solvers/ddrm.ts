import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { svdOf } from '../operators/svd.ts';
import type { Level } from '../priors/schedule.ts';
import { reverseSteps } from './checked-parameters.ts';
import { type LandingAt, landing } from './parts/landing.ts';
import { defineSolver } from './solver.ts';

/**
 * DDRM (arXiv 2201.11793), eqs. 7 and 8: the posterior of each component of A = U S V^T by itself, on the variance-exploding
 * x_t / sqrt(abar_t) with sigma_t = sqrt(1 - abar_t) / sqrt(abar_t). Bars of the paper: xBar = V^T x, yBar = S^+ U^T y.
 */
export default defineSolver({
  name: 'ddrm',
  title: 'DDRM',
  version: 1,
  paper: 'Kawar, Elad, Ermon and Song, NeurIPS 2022 (arXiv 2201.11793)',
  requires: { pixels: true, svd: true },
  params: z.strictObject({
    steps: reverseSteps(20),
    eta: z
      .number()
      .min(0)
      .max(1)
      .default(0.85)
      .describe('share of fresh noise where y says little or nothing'),
    etaB: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe('eta_b, weight of y against the estimate where y says more'),
    variant: z
      .enum(['paper', 'public-code'])
      .default('paper')
      .describe(
        'public-code: starts from x_T / sigma_T, and its last step leaves out y where y has no noise',
      ),
  }),
  passes: (p) => p.steps,
  async solve({ y, A, sigma: sigmaY }, prior, p, run) {
    const { values, vt, v, ut } = svdOf(A);
    const seen = tf.greater(values(), 0);
    const s = tf.where(seen, values(), tf.onesLike(values()));
    const yBar = tf.div(ut(y), s);
    /** The noise of yBar, sigma_y / s. */
    const blur = tf.div(sigmaY, s);
    const says = p.variant === 'paper' ? tf.greaterEqual : tf.greater;

    /** x_T, eq. 7. */
    const start = (n: Tensor, { signal, noise }: Level) => {
      const sigma = noise / signal;
      const informed = tf.add(yBar, tf.mul(tf.sqrt(tf.relu(tf.sub(sigma ** 2, tf.square(blur)))), vt(n)));
      const known = tf.logicalAnd(seen, tf.greater(sigma, blur));
      const xBar = tf.where(known, informed, tf.mul(sigma, vt(n)));
      return tf.mul(p.variant === 'paper' ? signal : 1 / sigma, v(xBar));
    };

    const step = run.step((state: { x: Tensor; x0: Tensor }, at: LandingAt) => {
      const predicted = prior.predict(state.x, at.t);
      const x0 = at.clean(state.x, predicted);
      const [x0Bar, eBar, n] = [vt(x0), vt(at.noise(state.x, predicted)), vt(at.fresh(x0))];
      const sigma = tf.div(at.next.noise, at.next.signal);
      const kept = tf.mul(Math.sqrt(1 - p.eta ** 2), sigma);
      // Eq. 8, from below: y says more than x_t, y says something, y says nothing.
      const sharp = tf.logicalAnd(seen, says(sigma, blur));
      const vague = tf.logicalAnd(seen, tf.less(sigma, blur));
      const blind = tf.add(x0Bar, tf.mul(kept, eBar));
      const hinted = tf.add(x0Bar, tf.mul(kept, tf.div(tf.sub(yBar, x0Bar), blur)));
      const told = tf.add(tf.mul(1 - p.etaB, x0Bar), tf.mul(p.etaB, yBar));
      const mean = tf.where(sharp, told, tf.where(vague, hinted, blind));
      const rest = tf.sqrt(tf.relu(tf.sub(tf.square(sigma), tf.square(tf.mul(p.etaB, blur)))));
      const deviation = tf.where(sharp, rest, tf.mul(p.eta, sigma));
      return { x: tf.mul(at.next.signal, v(tf.add(mean, tf.mul(deviation, n)))), x0 };
    });

    const n = run.normal('initial', prior.shape);
    let state: { x: Tensor; x0: Tensor } | null = null;
    for (const at of run.steps(landing(prior, p.steps))) {
      const x = state?.x ?? start(n, prior.schedule.level(at.t));
      state = await step(state ?? { x, x0: x }, at);
    }
    return state!.x;
  },
});
