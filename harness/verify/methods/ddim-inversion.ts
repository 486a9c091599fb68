import { z } from 'zod';
import ddimInversion from '../../solvers/inversions/ddim-inversion.ts';
import { inverter } from '../../solvers/inversions/inversion.ts';
import { scheduleOf } from '../case-priors.ts';
import {
  ddimSchedule,
  inversionParams,
  inversionPrior,
  inverted,
  onTheWayDown,
  recording,
  toInvert,
} from '../inversion-cases.ts';
import { defineMethod } from '../solver-case.ts';

const parameters = z.strictObject({
  num_inference_steps: z.int(),
  /** null: the prompt alone. */
  guidance_inversion: z.number().nullable(),
  guidance_reconstruction: z.number().nullable(),
  eta: z.literal(0),
});

const schedule = ddimSchedule.extend({ set_alpha_to_one_inversion: z.boolean() });

export const ddimInversionMethod = defineMethod(
  'ddim_inversion',
  { ...inversionParams, schedule, parameters },
  (stated, given) => {
    const { set_alpha_to_one_inversion: _, ...schedule } = stated.schedule;
    const p = stated.parameters;
    const prior = inversionPrior(given, scheduleOf({ ...stated, schedule }), stated);
    return {
      solver: inverter(ddimInversion),
      params: {
        steps: p.num_inference_steps,
        inversionScale: p.guidance_inversion ?? 1,
        cfgScale: p.guidance_reconstruction ?? 1,
        prompt: 'c',
      },
      prior,
      of: inverted(given),
      posed: toInvert,
      startsAtXT: false,
      watched: onTheWayDown,
      records: recording({ up: { inversion_states: 'z', inversion_x0_hats: 'z0' } }),
      ...(given.has('x_src') && { known: { z_0: prior.autoencoder.encode(given.tensor('x_src')) } }),
    };
  },
);
