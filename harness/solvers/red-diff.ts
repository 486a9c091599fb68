import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { reverseSteps } from './checked-parameters.ts';
import { type AdamState, adamInit, adamStep, sumSquares } from './parts/gradients.ts';
import { type DdimAt, ddim } from './parts/grids.ts';
import { type Levels, withLevels } from './parts/levels.ts';
import { firstGuess } from './parts/start.ts';
import { alike, perImage, scaled } from './per-image.ts';
import { defineSolver } from './solver.ts';

/** lambda_t / lambda by r = sigma_t / alpha_t, the root of the inverse signal-to-noise ratio; all but linear are the public code's. */
const WEIGHTINGS = {
  linear: (r: Tensor) => r,
  sqrt: (r: Tensor) => tf.sqrt(r),
  square: (r: Tensor) => tf.square(r),
  log: (r: Tensor) => tf.log(tf.add(r, 1)),
  'truncated-linear': (r: Tensor) => tf.minimum(r, 1),
  'two-thirds': (r: Tensor) => tf.pow(r, 2 / 3),
  constant: (r: Tensor) => tf.onesLike(r),
};
const NAMES = Object.keys(WEIGHTINGS) as (keyof typeof WEIGHTINGS)[];

const BETA_2 = 0.99;

/**
 * RED-diff, Algorithm 1 (arXiv 2305.04391): a picture mu fits the measurement by Adam, while the network's error about
 * the noise that was put on it, taken as a constant, regularises it. Nothing is differentiated through the network.
 */
export default defineSolver({
  name: 'red-diff',
  title: 'RED-diff',
  version: 1,
  paper: 'Mardani et al., ICLR 2024 (arXiv 2305.04391)',
  requires: { pixels: true },
  params: z.strictObject({
    steps: reverseSteps(1000),
    lr: perImage(z.number().positive().default(0.1).describe('learning rate of Adam (betas 0.9, 0.99)')),
    epsilon: z
      .number()
      .positive()
      .default(1e-8)
      .describe('of Adam; the gradients of means are small enough to notice it'),
    lambda: perImage(z.number().min(0).default(0.25).describe('weight of the regularisation')),
    weighting: z.enum(NAMES).default('linear').describe('how it goes with r = sigma_t / alpha_t'),
    obsWeight: perImage(z.number().min(0).default(1).describe('weight of the misfit')),
    sigmaX0: z.number().min(0).default(0).describe('standard deviation of q(x0 | y) about mu'),
    variant: z
      .enum(['paper', 'public-code'])
      .default('paper')
      .describe(
        'public-code: means in the place of sums, half the misfit, and the sample before the last step as result',
      ),
  }),
  passes: (p) => p.steps,
  async solve({ y, A }, prior, p, run) {
    const asCode = p.variant === 'public-code';
    const count = (x: Tensor) => x.size / x.shape[0]!;
    const mu = firstGuess(A, y, prior.imageShape);
    const [perMisfit, perNoise] = asCode ? [2 * count(y), count(mu)] : [1, 1];
    const misfit = (x: Tensor) => tf.div(tf.sum(sumSquares(tf.sub(y, A.forward(x)))), perMisfit);

    type S = { mu: Tensor; sample: Tensor; x0: Tensor; adam: AdamState };
    type Draws = { ofX0?: Tensor; epsilon: Tensor };
    const step = run.step(({ mu, adam: before }: S, at: DdimAt & Levels, { ofX0, epsilon }: Draws) => {
      const sample = ofX0 ? tf.add(mu, tf.mul(p.sigmaX0, ofX0)) : tf.clone(mu);
      const x = at.noised(sample, epsilon);
      const predicted = prior.predict(x, at.t);
      const lambda = tf.mul(p.lambda, WEIGHTINGS[p.weighting](tf.div(at.from.noise, at.from.signal)));
      const regulariser = tf.div(scaled(lambda, tf.sub(at.noise(x, predicted), epsilon)), perNoise);
      const gradient = tf.add(scaled(p.obsWeight, tf.grad(misfit)(sample)), regulariser);
      const { update, adam } = adamStep(before, gradient, alike(p.lr, mu), {
        beta2: BETA_2,
        epsilon: p.epsilon,
      });
      return { mu: tf.sub(mu, update), sample, x0: at.clean(x, predicted), adam };
    });

    let s: S = { mu, sample: mu, x0: mu, adam: adamInit(mu) };
    for (const at of run.steps(withLevels(prior, ddim(prior, { steps: p.steps, eta: 0 })))) {
      const ofX0 = p.sigmaX0 > 0 && { ofX0: run.normal('step', prior.shape) };
      s = await step(s, at, { ...ofX0, epsilon: run.normal('step', prior.shape) });
    }
    return asCode ? s.sample : s.mu;
  },
});
