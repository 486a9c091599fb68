import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { Schedule } from '../../priors/schedule.ts';
import ddib from '../../solvers/ddib.ts';
import lsb from '../../solvers/lsb.ts';
import { scheduleOf } from '../case-priors.ts';
import { goesUp, inversionParams, inversionPrior } from '../inversion-cases.ts';
import { defineMethod } from '../solver-case.ts';

const { inversion_timesteps, timesteps_next: _, ...walk } = inversionParams;

const params = {
  ...walk,
  timesteps_next: z.null(),
  prediction_type: z.literal('epsilon'),
  schedule: z.strictObject({
    beta_schedule: z.literal('scaled_linear'),
    beta_start: z.number(),
    beta_end: z.number(),
    num_train_timesteps: z.int(),
    dtype: z.literal('float64'),
    set_alpha_to_one: z.literal(false),
    steps_offset: z.int(),
    alpha_index_shift: z.literal(1),
  }),
};
type Stated = z.infer<z.ZodObject<typeof params>>;

/** As the code reads its table: a 1 stands before it, so that each time has the level of the one before. */
function shifted(stated: Stated): Schedule {
  const { alpha_index_shift: shift, ...schedule } = stated.schedule;
  const table = scheduleOf({ schedule });
  return {
    ...table,
    level: (t) => (t === 0 ? { signal: 1, noise: 0 } : table.level(t < 0 ? -1 : t - shift)),
  };
}

export const lsbMethod = defineMethod(
  'lsb',
  {
    ...params,
    parameters: z.strictObject({
      nfe: z.int(),
      tau: z.number(),
      t0: z.number(),
      scale: z.number(),
      final_index: z.int(),
    }),
  },
  (stated, given) => {
    const { nfe: steps, final_index: lastTime, ...p } = stated.parameters;
    return {
      solver: lsb,
      params: { ...p, steps, lastTime },
      prior: inversionPrior(given, shifted(stated), { ...stated, timesteps_next: [] }, 'draws.0000'),
      of: 'x_src',
      posed: ({ y }) => ({ x: y, from: 'c_source', to: 'c_target' }),
      startsAtXT: false,
      watched: () => null,
      records: ({ y }, { t }) => ({ network_inputs: y as Tensor, network_timesteps: tf.scalar(t) }),
      finals: ({ z }) => ({ z_final: z as Tensor }),
    };
  },
);

export const ddibMethod = defineMethod(
  'ddib_lsb_repository',
  {
    ...params,
    inversion_timesteps,
    parameters: z.strictObject({
      /** Both ways together. */
      nfe: z.int(),
      scale: z.number(),
      guidance_inversion: z.literal(0),
    }),
  },
  (stated, given) => {
    const p = stated.parameters;
    const timesteps_next = [...stated.timesteps.slice(1), -1];
    return {
      solver: ddib,
      params: { steps: p.nfe / 2, up: 'null', cfgScale: p.scale },
      prior: inversionPrior(given, shifted(stated), { ...stated, timesteps_next }, 'draws.0000'),
      of: 'x_src',
      posed: ({ y }) => ({ x: y, from: 'c_source', to: 'c_target' }),
      startsAtXT: false,
      watched: () => null,
      records: ({ seen }, { t, next }) => ({
        network_inputs: seen as Tensor,
        network_timesteps: tf.scalar(Math.max(t, next)),
      }),
      finals: ({ z, z0 }, visit) => ({
        [goesUp(visit) ? 'z_T' : 'z_final']: (goesUp(visit) ? z : z0) as Tensor,
      }),
    };
  },
);
