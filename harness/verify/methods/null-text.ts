import { z } from 'zod';
import { inverter } from '../../solvers/inversions/inversion.ts';
import nullText from '../../solvers/inversions/null-text.ts';
import type { State, Visit } from '../../solvers/run.ts';
import { scheduleOf } from '../case-priors.ts';
import {
  ddimSchedule,
  goesUp,
  inversionParams,
  inversionPrior,
  inverted,
  namedCalls,
  onTheWayDown,
  recording,
  toInvert,
} from '../inversion-cases.ts';
import { defineMethod } from '../solver-case.ts';

const parameters = z.strictObject({
  num_inference_steps: z.int(),
  guidance_scale: z.number(),
  num_inner_steps: z.int(),
  early_stop_epsilon: z.number(),
  /** The solver's constants from here on, but for the rate. */
  early_stop_increment: z.literal(2e-5),
  learning_rate: z.number(),
  learning_rate_decay: z.literal(0.01),
  adam_beta1: z.literal(0.9),
  adam_beta2: z.literal(0.999),
  adam_eps: z.literal(1e-8),
});

export const nullTextMethod = defineMethod(
  'null_text',
  { ...inversionParams, schedule: ddimSchedule, parameters },
  (stated, given) => {
    const p = stated.parameters;
    const schedule = scheduleOf(stated);
    const prior = inversionPrior(given, schedule, stated);
    const of = inverted(given);
    const common = { solver: inverter(nullText), prior, of, posed: toInvert, startsAtXT: false } as const;
    const params = { steps: p.num_inference_steps, cfgScale: p.guidance_scale, prompt: 'c' };
    const records = recording({ up: { pivots: 'z' }, down: { null_embeddings: 'u' } });
    const pivot = prior.autoencoder.encode(given.tensor(of));
    return [
      {
        ...common,
        params: {
          ...params,
          iterations: p.num_inner_steps,
          rate: p.learning_rate,
          tolerance: p.early_stop_epsilon,
        },
        watched: onTheWayDown,
        // On a leg that ends at its own level the null prompt changes nothing, and is not recorded.
        records: (state: State, visit: Visit<unknown>) =>
          !goesUp(visit) && schedule.level(visit.t).signal === schedule.level(visit.next).signal
            ? {}
            : records(state, visit),
        calls: namedCalls({ losses: 'loss' }),
        counts: { inner_steps: 'losses' },
        known: { pivots: pivot, ...(of === 'x_src' && { z_0: pivot }) },
      },
      // From the last pivot with the null prompt as it was.
      {
        ...common,
        params: { ...params, iterations: 0 },
        records: recording({ down: { states_without: 'z' } }),
      },
    ];
  },
);
