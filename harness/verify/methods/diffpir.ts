import { z } from 'zod';
import diffpir from '../../solvers/diffpir.ts';
import { pixelPrior, scheduleOf } from '../case-priors.ts';
import { defineMethod, pixelParams } from '../solver-case.ts';

const parameters = z.strictObject({
  lambda: z.number(),
  zeta: z.number(),
  eta: z.number(),
  guidance_scale: z.number(),
  iter_num: z.int(),
  iter_num_U: z.int(),
  skip_type: z.enum(['quad', 'uniform']),
  sigma_floor: z.literal(0.001),
  t_start: z.int(),
  /** What its closed form is computed by; the operator's own is one of them. */
  data_step: z.enum(['fft', 'mask', 'ibp']),
  inIter: z.int().optional(),
  gamma: z.number().optional(),
});

export const diffpirMethod = defineMethod(
  'diffpir',
  { ...pixelParams, clip_denoised: z.literal(true), parameters },
  (stated, given) => {
    const { iter_num, iter_num_U: repeats, inIter, gamma, ...p } = stated.parameters;
    const { timesteps } = stated;
    return {
      solver: diffpir,
      params: {
        steps: iter_num,
        lambda: p.lambda,
        zeta: p.zeta,
        eta: p.eta,
        spacing: p.skip_type === 'quad' ? 'quadratic' : 'uniform',
        startTime: p.t_start,
        repeats,
        guidanceScale: p.guidance_scale,
        dataStep: p.data_step === 'ibp' ? 'back-projection' : 'proximal',
        backProjections: inIter,
        backProjectionStep: gamma,
        variant: 'public-code',
      },
      prior: pixelPrior(given, scheduleOf(stated)),
      noise: stated.noise,
      // Of a step that is walked again the case states the way up, which is part of the step here.
      legs: timesteps.map((t, i) => {
        const nextStep = (Math.floor(i / repeats) + 1) * repeats;
        return { t, next: timesteps[nextStep] ?? -1 };
      }),
      startsAtXT: false,
    };
  },
);
