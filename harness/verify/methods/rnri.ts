import { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import { editor } from '../../solvers/inversions/inversion.ts';
import rnri from '../../solvers/inversions/rnri.ts';
import { scheduleOf } from '../case-priors.ts';
import {
  ancestralSchedule,
  goesUp,
  inversionParams,
  inversionPrior,
  recording,
  tableOf,
  toEdit,
} from '../inversion-cases.ts';
import { defineMethod } from '../solver-case.ts';

const parameters = z.strictObject({
  num_inversion_steps: z.int(),
  num_inference_steps: z.int(),
  /** The times that are walked say it. */
  strength: z.number(),
  n_iters: z.int(),
  alpha: z.number(),
  lr_unused: z.number(),
  newton_normaliser: z.literal(16384),
  gradient_through_unet: z.literal(false),
  edit_guidance_scale: z.number(),
});

export const rnriMethod = defineMethod(
  'rnri',
  { ...inversionParams, schedule: ancestralSchedule, parameters, timesteps_all: z.array(z.int()) },
  (stated, given) => {
    const p = stated.parameters;
    let [leg, evaluated] = [0, 0];
    return {
      solver: editor(rnri),
      params: {
        steps: stated.timesteps.length,
        sampler: 'euler-ancestral',
        iterations: p.n_iters,
        alpha: p.alpha,
        variant: 'public-code',
        cfgScale: p.edit_guidance_scale,
      },
      prior: inversionPrior(given, scheduleOf(tableOf(stated)), stated),
      of: 'z_0',
      posed: toEdit,
      startsAtXT: false,
      watched: ({ z }, visit) => (goesUp(visit) ? { x: z as Tensor, x0: z as Tensor } : null),
      records: recording({ up: { best_iteration: 'winner' }, down: { edit_states: 'z' } }),
      // Iterations look at the latents that the leg starts from, then at those that Newton's steps have made.
      calls({ z, lower, residual }, visit): Record<string, Tensor> {
        if (!goesUp(visit)) return {};
        if (residual) {
          evaluated = visit.n === leg ? evaluated + 1 : 1;
          leg = visit.n;
          return { scores: residual as Tensor };
        }
        // What the last one leads to is the result.
        const isResult = visit.n === leg && evaluated === p.n_iters;
        return isResult ? {} : { iterates: (lower ?? z) as Tensor };
      },
    };
  },
);
