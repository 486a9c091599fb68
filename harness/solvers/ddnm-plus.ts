import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { svdOf } from '../operators/svd.ts';
import { reverseSteps } from './checked-parameters.ts';
import { travelling } from './parts/grids.ts';
import { type LandingAt, landing } from './parts/landing.ts';
import { travelParams, travelPasses } from './parts/travels.ts';
import { defineSolver } from './solver.ts';

/**
 * DDNM+ (arXiv 2212.00490, eqs. 17 to 19): DDNM's range part scaled by Lambda and its fresh noise by Gamma, in the components
 * of A = U S V^T, so that the noise of y becomes part of the step's. Without noise in y it is DDNM.
 */
export default defineSolver({
  name: 'ddnm-plus',
  title: 'DDNM+',
  version: 1,
  paper: 'Wang, Yu and Zhang, ICLR 2023 (arXiv 2212.00490)',
  requires: { pixels: true, svd: true },
  params: z.strictObject({
    steps: reverseSteps(100),
    eta: z.number().min(0).max(1).default(0.85).describe('share of fresh noise in the noise of each step'),
    ...travelParams,
    variant: z
      .enum(['paper', 'public-code'])
      .default('paper')
      .describe('public-code: V is applied to noise to which V^T was not'),
  }),
  passes: travelPasses,
  async solve({ y, A, sigma: sigmaY }, prior, p, run) {
    const { values, vt, v, ut } = svdOf(A);
    const seen = tf.greater(values(), 0);
    const s = tf.where(seen, values(), tf.onesLike(values()));
    const components = p.variant === 'paper' ? vt : (x: Tensor) => x;

    const step = run.step((state: { x: Tensor; x0: Tensor }, at: LandingAt) => {
      const predicted = prior.predict(state.x, at.t);
      const x0 = at.clean(state.x, predicted);
      const { signal: a, noise: sigma } = at.next;
      /** a sigma_y / s: what the noise of y is in x. */
      const inherited = tf.div(tf.mul(a, sigmaY), s);
      const fits = tf.greaterEqual(sigma, inherited);
      const kept = tf.mul(Math.sqrt(1 - p.eta ** 2), sigma);

      // eq. 17 with eq. 19's Lambda
      const lambda = tf.where(fits, tf.onesLike(s), tf.div(kept, inherited));
      const range = tf.div(ut(tf.sub(A.forward(x0), y)), s);
      const x0Hat = tf.sub(x0, v(tf.mul(lambda, range)));

      // eq. 18 with eq. 19's Gamma; what A does not see goes on as in DDNM
      const lacking = tf.sqrt(tf.relu(tf.sub(tf.square(sigma), tf.square(inherited))));
      const gamma = tf.where(tf.logicalAnd(seen, fits), lacking, tf.mul(p.eta, sigma));
      const own = tf.where(seen, tf.zerosLike(s), kept);
      const [n, e] = [components(at.fresh(x0)), components(at.noise(state.x, predicted))];
      return { x: tf.add(tf.mul(a, x0Hat), v(tf.add(tf.mul(gamma, n), tf.mul(own, e)))), x0 };
    });
    const travel = run.step((state: { x: Tensor; x0: Tensor }, at: LandingAt) => ({
      x: at.renoise(state.x0),
    }));

    const x = run.normal('initial', prior.shape);
    let state = { x, x0: x };
    for (const at of run.steps(travelling(landing(prior, p.steps), p.travelLength, p.travelRepeat)))
      state = await (at.next > at.t ? travel : step)(state, at);
    return state.x;
  },
});
