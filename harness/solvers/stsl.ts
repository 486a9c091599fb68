import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { adjoint } from '../operators/proximal.ts';
import { reverseSteps } from './checked-parameters.ts';
import { gradientOf, norm } from './parts/gradients.ts';
import { type DdimAt, ddim } from './parts/grids.ts';
import { perImage, scaled } from './per-image.ts';
import { defineSolver } from './solver.ts';

/** Length of the difference along which the trace is probed, in units of z_t. */
const PROBE = 0.01;

/**
 * STSL, second-order Tweedie sampler from a surrogate loss (arXiv 2312.00852), in our reading: before each DDIM step, K
 * gradient steps on z_t of nu ||y - A D z0|| + eta tr(ds/dz) / d, s the score, d its size, the trace by one random probe
 * (Hutchinson) and a difference. The start is the encoded measurement, noised.
 */
export default defineSolver({
  name: 'stsl',
  title: 'STSL',
  version: 1,
  paper: 'after Rout et al., CVPR 2024 (arXiv 2312.00852); loss, start and probe are our reading',
  requires: { autoencoder: true, linear: true },
  params: z.strictObject({
    steps: reverseSteps(50),
    updates: z.int().min(1).default(5).describe('K, gradient steps before each reverse step'),
    nu: perImage(z.number().min(0).default(2).describe('weight of ||y - A D z0||')),
    eta: z
      .number()
      .min(0)
      .default(0.02)
      .describe("weight of the trace of the score's Jacobian, a dimension; 0: first order"),
  }),
  passes: (p) => p.steps * (p.updates * (p.eta === 0 ? 1 : 2) + 1),
  async solve({ y, A }, prior, p, run) {
    const { encode, decode } = prior.autoencoder;
    const c = prior.text?.embed(run.each(''));
    type S = { z: Tensor; z0: Tensor };

    const update = run.step(({ z }: S, at: DdimAt, { probe }: { probe?: Tensor }) => {
      const { gradient } = gradientOf(z, (z) => {
        const predicted = prior.predict(z, at.t, c);
        const misfit = norm(tf.sub(y, A.forward(decode(at.clean(z, predicted)))));
        const loss = scaled(p.nu, misfit);
        if (!probe) return { loss };
        const aside = tf.add(z, tf.mul(PROBE, probe));
        const score = at.score(z, predicted);
        const change = tf.sub(at.score(aside, prior.predict(aside, at.t, c)), score);
        const trace = tf.mean(tf.reshape(tf.mul(probe, change), [run.batch, -1]), 1);
        return { loss: tf.add(loss, tf.mul(p.eta / PROBE, trace)) };
      });
      return { z: tf.sub(z, gradient) };
    });
    const step = run.step(({ z }: S, at: DdimAt) => {
      const predicted = prior.predict(z, at.t, c);
      const z0 = at.clean(z, predicted);
      return { z: at.ddim(z0, at.noise(z, predicted)), z0 };
    });

    const grid = ddim(prior, { steps: p.steps, eta: 0 });
    const { signal, noise } = prior.schedule.level(grid.legs[0]!.t);
    const known = encode(A.pseudoInverse ? A.pseudoInverse(y) : adjoint(A, y));
    const z = tf.add(tf.mul(signal, known), tf.mul(noise, run.normal('initial', prior.shape)));
    let s: S = { z, z0: z };
    for (const at of run.steps(grid)) {
      for (let k = 0; k < p.updates; k++)
        s = await update(s, at, p.eta === 0 ? {} : { probe: run.normal('step', prior.shape) });
      s = await step(s, at);
    }
    return decode(s.z0);
  },
});
