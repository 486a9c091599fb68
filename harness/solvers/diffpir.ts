import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { backProjection } from '../operators/back-projection.ts';
import { proximalMap } from '../operators/proximal.ts';
import { reverseSteps, TIME } from './checked-parameters.ts';
import type { DdimAt } from './parts/grids.ts';
import type { Levels } from './parts/levels.ts';
import {
  noisedAgain,
  noisedMeasurement,
  type PartialNoise,
  plugAndPlay,
  SPACINGS,
} from './parts/plug-and-play.ts';
import { defineSolver } from './solver.ts';

/** In the units of sigma_n: what the public code takes for the noise of a measurement that has less. */
const LEAST_NOISE = 0.001;

/**
 * DiffPIR, Algorithm 1 (arXiv 2305.08995): half-quadratic splitting. The network denoises, the data term is minimised
 * near its estimate, and the result is noised again, in part afresh.
 */
export default defineSolver({
  name: 'diffpir',
  title: 'DiffPIR',
  version: 1,
  paper: 'Zhu et al., CVPR Workshops 2023 (arXiv 2305.08995)',
  requires: { pixels: true, linear: true },
  params: z.strictObject({
    steps: reverseSteps(100, 2),
    lambda: z
      .number()
      .positive()
      .default(1)
      .describe('weight of the prior: rho_t = lambda sigma_n^2 / sigma_t^2'),
    zeta: z.number().min(0).max(1).default(0.1).describe('share of fresh noise in the noise of each step'),
    eta: z.number().min(0).default(0).describe("share of DDPM's noise in the other part"),
    spacing: z
      .enum(SPACINGS)
      .default('quadratic')
      .describe('of the times; quadratic: denser at the clean end'),
    startTime: z
      .int()
      .min(0)
      .nullable()
      .default(null)
      .meta({ description: 'time that y is noised to; null: the last one', ...TIME }),
    repeats: z.int().min(1).default(1).describe('how often a step is walked, with the way back in between'),
    guidanceScale: z
      .number()
      .min(0)
      .default(1)
      .describe('share of the way from x0 to the solution of the data step'),
    dataStep: z
      .enum(['proximal', 'back-projection'])
      .default('proximal')
      .describe('minimises ||y - A x||^2 + rho_t ||x - x0||^2, or goes a few steps towards y'),
    backProjections: z.int().min(1).default(1).describe('steps of a back-projection'),
    backProjectionStep: z.number().positive().default(0.01).describe('gamma, their size'),
    variant: z
      .enum(['paper', 'public-code'])
      .default('paper')
      .describe('public-code: sigma_n = sigma / 2, a start from y, the state before the last step as result'),
  }),
  passes: (p) => p.steps * p.repeats,
  async solve({ y: given, A, sigma }, prior, p, run) {
    const asCode = p.variant === 'public-code';
    // Its data step is one of pictures in [0,1], of which a kernel that does not sum to 1 makes something else.
    const white = A.forward(tf.ones([run.batch, ...prior.imageShape]));
    const y = asCode ? tf.add(given, tf.sub(1, white)) : given;
    const sigmaN = Math.max(LEAST_NOISE, asCode ? sigma / 2 : sigma);
    const dataStep = (x0: Tensor, rho: Tensor) =>
      p.dataStep === 'proximal'
        ? proximalMap(A, y, x0, rho)
        : backProjection(A, y, x0, tf.div(p.backProjectionStep, tf.add(1, rho)), p.backProjections);

    type S = { x: Tensor; x0: Tensor };
    type Given = PartialNoise & { discarded: boolean };
    const step = run.step((s: S, at: DdimAt & Levels, { discarded, ...noise }: Given) => {
      const x0 = tf.clipByValue(at.clean(s.x, prior.predict(s.x, at.t)), -1, 1);
      if (discarded) return { x0 };
      const rho = tf.mul(p.lambda * sigmaN ** 2, tf.square(tf.div(at.from.signal, at.from.noise)));
      const xHat = tf.add(x0, tf.mul(p.guidanceScale, tf.sub(dataStep(x0, rho), x0)));
      return { x: noisedAgain(at, s.x, xHat, p.zeta, noise), x0 };
    });

    const n = run.normal('initial', prior.shape);
    const x = asCode || p.startTime !== null ? noisedMeasurement(prior, p.startTime, given, sigma, n) : n;
    let s = { x, x0: x };
    for (const at of run.steps(plugAndPlay(prior, p))) {
      const lands = at.next >= 0;
      const draw = (when: boolean) => (when && lands ? run.normal('step', prior.shape) : undefined);
      const fresh = draw(p.zeta > 0);
      const back = draw(at.n % p.repeats !== 1 % p.repeats);
      s = await step(s, at, { ...(fresh && { fresh }), ...(back && { back }), discarded: asCode && !lands });
    }
    return s.x;
  },
});
