import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { reverseSteps } from './checked-parameters.ts';
import { gradientOf, norm } from './parts/gradients.ts';
import { type AncestralAt, ancestral } from './parts/grids.ts';
import { perImage, scaled } from './per-image.ts';
import { defineSolver } from './solver.ts';

/** Of each image, the mean of 1/|y| over what is not 0, as missing pixels are. */
function meanInverse(y: Tensor): Tensor {
  const size = tf.reshape(tf.abs(y), [y.shape[0]!, -1]);
  const some = tf.step(size);
  return tf.div(tf.sum(tf.div(some, tf.add(size, tf.sub(1, some))), 1), tf.sum(some, 1));
}

/**
 * DPS, Algorithm 1 (arXiv 2209.14687): each ancestral sample is moved against the gradient of ||y - A x0|| through the
 * network; of ||y - A x0|| weighted by the mean of 1/|y| under Poisson noise. Linear and nonlinear tasks.
 */
export default defineSolver({
  name: 'dps',
  title: 'DPS',
  version: 1,
  paper: 'Chung et al., ICLR 2023 (arXiv 2209.14687)',
  requires: { pixels: true, learnedVariance: true },
  params: z.strictObject({
    steps: reverseSteps(1000, 2),
    zeta: perImage(z.number().min(0).default(1).describe("step size zeta' (public code: 0.3 to 1)")),
  }),
  passes: (p) => p.steps,
  async solve({ y, A, noise }, prior, p, run) {
    const weight = noise === 'poisson' ? meanInverse(y) : 1;
    const step = run.step((s: { x: Tensor; x0: Tensor; loss: Tensor }, at: AncestralAt) => {
      const { gradient, ...q } = gradientOf(s.x, (x) => {
        const q = at.posterior(x, prior.predict(x, at.t));
        return { ...q, loss: tf.mul(weight, norm(tf.sub(y, A.forward(q.x0)))) };
      });
      return { x: tf.sub(at.draw(q), scaled(p.zeta, gradient)), x0: q.x0, loss: q.loss };
    });

    const x = run.normal('initial', prior.shape);
    let s = { x, x0: x, loss: tf.zeros([run.batch]) };
    for (const at of run.steps(ancestral(prior, p.steps))) {
      s = await step(s, at);
      await run.trace({ loss: s.loss }, () => ({ x0: s.x0 }));
    }
    return s.x;
  },
});
