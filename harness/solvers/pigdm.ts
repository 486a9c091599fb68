import { z } from 'zod';
import { stopGradient } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { regularisedInverse } from '../operators/proximal.ts';
import { reverseSteps } from './checked-parameters.ts';
import { gradientOf } from './parts/gradients.ts';
import { type DdimAt, ddim } from './parts/grids.ts';
import { type Levels, withLevels } from './parts/levels.ts';
import { firstGuess } from './parts/start.ts';
import { perImage, scaled } from './per-image.ts';
import { defineSolver } from './solver.ts';

/**
 * PiGDM, Algorithm 1 (Song et al., ICLR 2023): each DDIM step is moved along (d x0 / d x_t)^T v, where v is the picture that
 * explains what is left of y: A^T (A A^T + sigma_y^2 / r_t^2)^-1 of it with r_t^2 = 1 - abar_t, A^+ of it without noise.
 */
export default defineSolver({
  name: 'pigdm',
  title: 'PiGDM',
  version: 1,
  paper: 'Song, Vahdat, Mardani and Kautz, ICLR 2023 (openreview 9_gsMA8MRKQ)',
  requires: { pixels: true, linear: true },
  params: z.strictObject({
    steps: reverseSteps(100),
    eta: z.number().min(0).max(1).default(1).describe('stochasticity of DDIM; 0 is deterministic'),
    scale: perImage(z.number().min(0).default(1).describe('factor of the guidance')),
    guides: z
      .enum(['sample', 'estimate', 'estimate-and-noise'])
      .default('sample')
      .describe(
        'what it moves (paper: the sample); public code: x0, by default with the noise left as it was',
      ),
    inverse: z
      .enum(['regularised', 'plain'])
      .default('regularised')
      .describe('plain: A^+ whatever the noise of y, as the public code'),
    start: z
      .enum(['noise', 'measurement'])
      .default('noise')
      .describe('measurement: A^+ y noised, as the public code'),
    keepsMeasured: z
      .boolean()
      .default(false)
      .describe('x0 takes y where A sees it, guidance moves the rest: public code, of inpainting'),
  }),
  passes: (p) => p.steps,
  async solve({ y, A, sigma }, prior, p, run) {
    type S = { x: Tensor; x0: Tensor };
    const begin = run.step(({ x, x0 }: S, at: DdimAt) => ({ x: at.noised(x0, x) }));
    const step = run.step(({ x }: S, at: DdimAt & Levels) => {
      const lambda = p.inverse === 'plain' || sigma === 0 ? 0 : tf.div(sigma ** 2, tf.square(at.from.noise));
      const { x0, e, v, gradient } = gradientOf(x, (x) => {
        const predicted = prior.predict(x, at.t);
        const x0 = at.clean(x, predicted);
        const v = stopGradient(regularisedInverse(A, tf.sub(y, A.forward(x0)), lambda));
        return { x0, v, e: at.noise(x, predicted), loss: tf.sum(tf.mul(v, x0)) };
      });
      const free = (g: Tensor) => tf.sub(g, regularisedInverse(A, A.forward(g), 0));
      const [base, g] = p.keepsMeasured ? [tf.add(x0, v), free(gradient)] : [x0, gradient];
      const guidance = scaled(tf.mul(p.scale, at.from.signal), g);
      const moved = tf.add(base, guidance);
      switch (p.guides) {
        case 'sample':
          return { x: tf.add(at.ddim(base, e), guidance), x0 };
        case 'estimate':
          return { x: at.ddim(moved, e), x0 };
        case 'estimate-and-noise':
          return { x: at.ddim(moved, at.noiseOf(x, moved)), x0 };
      }
    });

    const x = run.normal('initial', prior.shape);
    let s: S = { x, x0: firstGuess(A, y, prior.imageShape) };
    let begun = p.start === 'noise';
    for (const at of run.steps(withLevels(prior, ddim(prior, p)))) {
      if (!begun) s = await begin(s, at);
      begun = true;
      s = await step(s, at);
    }
    return s.x;
  },
});
