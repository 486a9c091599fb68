import { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import fixedPoint from '../../solvers/inversions/fixed-point.ts';
import { inverter } from '../../solvers/inversions/inversion.ts';
import { scheduleOf } from '../case-priors.ts';
import {
  ddimSchedule,
  goesUp,
  inversionParams,
  inversionPrior,
  namedCalls,
  recording,
  toInvert,
} from '../inversion-cases.ts';
import { defineMethod } from '../solver-case.ts';

const parameters = z.strictObject({
  num_inference_steps: z.int(),
  /** Both ways. */
  guidance_scale: z.number(),
  num_iter: z.int(),
});

export const fixedPointInversionMethod = defineMethod(
  'fixed_point_inversion',
  { ...inversionParams, schedule: ddimSchedule, parameters },
  (stated, given) => {
    const { num_inference_steps: steps, guidance_scale: scale, num_iter: iterations } = stated.parameters;
    return {
      solver: inverter(fixedPoint),
      params: { steps, iterations, inversionScale: scale, cfgScale: scale, prompt: 'c' },
      prior: inversionPrior(given, scheduleOf(stated), stated),
      of: 'z_0',
      posed: toInvert,
      startsAtXT: false,
      watched: ({ z, z0 }, visit) => (goesUp(visit) ? { x: z as Tensor, x0: z0 as Tensor } : null),
      records: recording({ down: { reconstruction_states: 'z' } }),
      calls: namedCalls({ scores: 'change' }),
    };
  },
);
