import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { inverter } from '../../solvers/inversions/inversion.ts';
import { rollsShape } from '../../solvers/inversions/noise-regularisation.ts';
import renoise from '../../solvers/inversions/renoise.ts';
import { scheduleOf } from '../case-priors.ts';
import { nameOf } from '../draws.ts';
import type { Given } from '../given.ts';
import {
  ancestralSchedule,
  ddimSchedule,
  goesUp,
  inversionParams,
  inversionPrior,
  recording,
  tableOf,
  toInvert,
} from '../inversion-cases.ts';
import { type Draw, defineMethod, type NamedDraw } from '../solver-case.ts';
import { toDoubles } from '../values.ts';

const parameters = z.strictObject({
  num_inversion_steps: z.int(),
  /** The times that are walked say it. */
  strength: z.number(),
  /** Up to 1: the prompt alone. */
  guidance_scale: z.number(),
  reconstruction_guidance_scale: z.number(),
  num_renoise_steps: z.int(),
  average_latent_estimations: z.boolean(),
  perform_noise_correction: z.boolean(),
  /** The solver's constants from here on. */
  max_num_renoise_steps_first_step: z.literal(5),
  first_step_max_timestep: z.literal(250),
  average_first_step_range: z.tuple([z.literal(0), z.literal(5)]),
  average_step_range: z.tuple([z.literal(8), z.literal(10)]),
  noise_regularization_lambda_ac: z.literal(20),
  noise_regularization_lambda_kl: z.literal(0.065),
  noise_regularization_num_reg_steps: z.union([z.literal(4), z.literal(0)]),
  noise_regularization_num_ac_rolls: z.literal(5),
});

const schedule = z.union([ancestralSchedule, ddimSchedule.extend({ sampler: z.literal('ddim') })]);

export const renoiseMethod = defineMethod(
  'renoise',
  { ...inversionParams, schedule, parameters, timesteps_all: z.array(z.int()) },
  (stated, given) => {
    const p = stated.parameters;
    const ancestral = stated.schedule.sampler === 'euler_ancestral';
    const noises = stated.draws.flatMap(({ at }, i) => (isOfSteps(at) ? [given.tensor(nameOf(i))] : []));
    return {
      solver: inverter(renoise),
      params: {
        steps: stated.timesteps.length,
        sampler: ancestral ? 'euler-ancestral' : 'ddim',
        iterations: p.num_renoise_steps,
        average: p.average_latent_estimations,
        regularise: p.noise_regularization_num_reg_steps > 0,
        reference: ancestral ? 'noised' : 'latents',
        correctNoise: p.perform_noise_correction,
        inversionScale: Math.max(1, p.guidance_scale),
        cfgScale: p.reconstruction_guidance_scale,
        prompt: 'c',
      },
      prior: inversionPrior(given, scheduleOf(tableOf(stated)), stated),
      of: 'z_0',
      posed: toInvert,
      startsAtXT: false,
      draws: restated(stated.draws, given),
      watched: ({ z }, visit) => (goesUp(visit) ? { x: z as Tensor, x0: z as Tensor } : null),
      records: recording({ down: { reconstruction_states: 'z' } }),
      calls({ z, n }, visit): Record<string, Tensor> {
        if (n) noises[stated.timesteps_all.indexOf(visit.next)] = tf.clone(n as Tensor);
        return z && goesUp(visit) ? { iterates: z as Tensor } : {};
      },
      counts: { iterate_counts: 'iterates' },
      ...(noises.length > 0 && { finals: () => ({ noise_list: tf.stack(noises) }) }),
    };
  },
);

function isOfSteps(at: string): boolean {
  return at.includes('noise_list');
}

/** The amounts to roll by as uniform numbers, those of a regularisation together. */
function restated(draws: readonly Draw[], given: Given): NamedDraw[] {
  return draws.flatMap(({ at, kind, used }, i): NamedDraw[] => {
    if (!used) return [];
    if (kind !== 'uniform_integer') return [{ at, values: given.tensor(nameOf(i)) }];
    const shape = given.tensor('z_0').shape.slice(1) as [number, number, number];
    const [rolls, side] = [rollsShape(shape), shape[1]];
    const levels = rolls.at(-1)!;
    const of = rolls.reduce((a, b) => a * b, 1);
    const amounts = Array.from(toDoubles(given.values(nameOf(i))));
    const shares = amounts.map((amount, k) => (amount + 0.5) / (side / 2 ** (k % levels) / 2));
    return Array.from({ length: amounts.length / of }, (_, call) => ({
      at,
      kind: 'uniform',
      values: tf.tensor(shares.slice(call * of, (call + 1) * of), [1, ...rolls]),
    }));
  });
}
