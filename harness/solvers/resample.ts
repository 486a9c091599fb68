import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { innerIterations, reverseSteps } from './checked-parameters.ts';
import { gradientOf, norm } from './parts/gradients.ts';
import { ddim } from './parts/grids.ts';
import { minimiser } from './parts/minimise.ts';
import { type ResampleAt, resampling } from './parts/resampling.ts';
import { defineSolver } from './solver.ts';

/** Steps left at the hard steps of N: every interval-th of the last two thirds of the way, but not the last step. */
function hardSteps(N: number, interval: number): number[] {
  const left = Array.from({ length: N }, (_, index) => index);
  return left.filter((index) => index > 0 && index % interval === 0 && index <= N - Math.floor(N / 3));
}

/**
 * ReSample (arXiv 2307.08123, Algorithm 1): at some steps the data term is minimised to convergence, among pictures in
 * the middle third and among latents in the last, and the solution is taken back to the noise level of the step.
 */
export default defineSolver({
  name: 'resample',
  title: 'ReSample',
  version: 1,
  paper: 'Song, Kwon et al., ICLR 2024 (arXiv 2307.08123)',
  requires: { autoencoder: true },
  params: z.strictObject({
    steps: reverseSteps(500),
    interval: z.int().min(1).default(10).describe('a hard step every so many steps, in the last two thirds'),
    gamma: z.number().positive().default(40).describe('scale of the variance of stochastic resampling'),
    pixelIterations: innerIterations(2000, 'most AdamW iterations on a picture'),
    latentIterations: innerIterations(500, 'most AdamW iterations on a latent'),
    tolerance: z
      .number()
      .min(0)
      .default(0.001)
      .describe('an image is done when the root mean square of y - A x is below it'),
    variant: z
      .enum(['paper', 'public-code'])
      .default('paper')
      .describe(
        'public-code: a gradient step at every step, a look ahead before hard ones, its own estimate, and a minimisation at the end',
      ),
    guidance: z
      .number()
      .min(0)
      .default(0.5)
      .describe('public-code: step size, times abar_t, on the gradient of ||y - A D z0||'),
    lookAhead: z
      .int()
      .min(0)
      .default(5)
      .describe('public-code: plain steps from which a hard step takes its estimate'),
  }),
  passes(p) {
    if (p.variant === 'paper') return p.steps;
    const ahead = hardSteps(p.steps, p.interval).map((left) => Math.min(p.lookAhead, left));
    return ahead.reduce((sum, steps) => sum + steps, p.steps);
  },
  async solve({ y, A }, prior, p, run) {
    const { encode, decode } = prior.autoencoder;
    const c = prior.text?.embed(run.each(''));
    const asCode = p.variant === 'public-code';
    const misfit = (x: Tensor) => {
      const residual = tf.sub(y, A.forward(x));
      return tf.mean(tf.square(tf.reshape(residual, [run.batch, -1])), 1);
    };
    const below = p.tolerance ** 2;
    const pictures = { rate: 0.01, iterations: p.pixelIterations, below };
    const latents = { rate: 0.005, iterations: p.latentIterations, below, window: 200 };
    const fit = {
      pictures: minimiser(run, misfit, pictures, { from: decode, to: encode }),
      latents: minimiser(run, (z) => misfit(decode(z)), latents),
    };

    type S = { z: Tensor; z0: Tensor; start: Tensor };
    const plain = run.step(({ z }: S, at: ResampleAt) => {
      const predicted = prior.predict(z, at.t, c);
      const z0 = at.clean(z, predicted);
      return { z: at.ddim(z0, at.noise(z, predicted)), z0, start: z0 };
    });
    const guided = run.step((s: S, at: ResampleAt) => {
      const { gradient, z0, e, start } = gradientOf(s.z, (z) => {
        const predicted = prior.predict(z, at.t, c);
        const start = at.codeClean(z, predicted);
        const loss = norm(tf.sub(y, A.forward(decode(start))));
        return { z0: at.clean(z, predicted), e: at.noise(z, predicted), start, loss };
      });
      const rate = tf.mul(p.guidance, at.abar);
      return { z: tf.sub(at.ddim(z0, e), tf.mul(rate, gradient)), z0, start };
    });
    const lookAhead = run.step((s: S, at: ResampleAt, { steps }: { steps: number }) => {
      let [z, start] = [s.z, s.start];
      for (const ahead of at.ahead.slice(0, steps)) {
        const predicted = prior.predict(z, ahead.t, c);
        start = ahead.codeClean(z, predicted);
        z = ahead.ddim(ahead.clean(z, predicted), ahead.noise(z, predicted));
      }
      return { start };
    });
    type Resampled = { solution: Tensor; gaussian: Tensor };
    const resample = run.step(({ z }: S, at: ResampleAt, { solution, gaussian }: Resampled) => ({
      z: at.resample(solution, z, gaussian),
    }));

    const hard = hardSteps(p.steps, p.interval);
    const z = run.normal('initial', prior.shape);
    let s: S = { z, z0: z, start: z };
    for (const at of run.steps(resampling(ddim(prior, { ...p, eta: 0 }), p))) {
      const left = at.n - 1;
      s = await (asCode ? guided : plain)(s, at);
      if (!hard.includes(left)) continue;
      if (asCode) s = await lookAhead(s, at, { steps: Math.min(p.lookAhead, left) });
      const among = left >= Math.floor(p.steps / 3) ? 'pictures' : 'latents';
      const solution = await fit[among](tf.clone(s.start));
      s = await resample(s, at, { solution, gaussian: run.normal('step', prior.shape) });
    }
    return decode(asCode ? await fit.latents(tf.clone(s.z)) : s.z0);
  },
});
