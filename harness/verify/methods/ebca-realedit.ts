import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import ebcaEdit from '../../solvers/ebca-edit.ts';
import { amountsShape } from '../../solvers/inversions/whitened-noise.ts';
import { scheduleOf } from '../case-priors.ts';
import { nameOf } from '../draws.ts';
import type { Given } from '../given.ts';
import { ddimSchedule, goesUp, inversionParams, inversionPrior, recording } from '../inversion-cases.ts';
import { defineMethod, type NamedDraw } from '../solver-case.ts';
import { toDoubles } from '../values.ts';
import { editings, editorialOf } from './ebca.ts';

const inversion = z.strictObject({
  guidance_scale: z.literal(1),
  /** The solver's constants. */
  lambda_auto_corr: z.literal(20),
  lambda_kl: z.literal(20),
  num_reg_steps: z.int(),
  num_auto_corr_rolls: z.int(),
});

const parameters = z.strictObject({
  num_inference_steps: z.int(),
  guidance_scale: z.number(),
  /** The prompt itself is not updated. */
  gamma_attn: z.literal(0),
  gamma_norm: z.literal(0),
  gamma_schedule: z.literal('constant'),
  editing: editings,
  inversion,
});

export const ebcaRealeditMethod = defineMethod(
  'ebca_realedit',
  { ...inversionParams, inversion_timesteps_next: z.array(z.int()), schedule: ddimSchedule, parameters },
  (stated, given) => {
    const p = stated.parameters;
    const [add, remove] = p.editing;
    const whitening = {
      regularisation: p.inversion.num_reg_steps,
      rolls: p.inversion.num_auto_corr_rolls,
    };
    return {
      solver: ebcaEdit,
      prior: inversionPrior(given, scheduleOf(stated), stated),
      params: {
        steps: p.num_inference_steps,
        cfgScale: p.guidance_scale,
        prompt: 'c',
        nullPrompt: 'u',
        add: editorialOf(add),
        removePrompt: 'c_edit.1',
        remove: editorialOf(remove),
        ...whitening,
      },
      of: 'z_0',
      posed: ({ y }) => ({ x: y, captions: ['c_source'], targets: ['c_edit.0'] }),
      startsAtXT: false,
      draws: amountsOf(given, whitening, stated.inversion_timesteps.length),
      watched: ({ z }, visit) => (goesUp(visit) ? null : { x: z as Tensor, x0: z as Tensor }),
      records: recording({ up: { inversion_states: 'z' } }),
    };
  },
);

/** The amounts to roll by, whole numbers below half a side, as shares of that; those of an inversion's step together. */
function amountsOf(
  given: Given,
  whitening: Parameters<typeof amountsShape>[0],
  steps: number,
): readonly NamedDraw[] {
  const latents = given.tensor('z_0').shape.slice(1) as [number, number, number];
  const shape = amountsShape(whitening, latents);
  const levels = shape.at(-1)!;
  const rolled = Array.from(toDoubles(given.values(nameOf(0))));
  const shares = rolled.map((amount, k) => (amount + 0.5) / (latents[1] / 2 ** (k % levels) / 2));
  const each = shares.length / steps;
  return Array.from({ length: steps }, (_, step) => ({
    at: `roll amounts of inversion step ${step}`,
    kind: 'uniform',
    values: tf.tensor(shares.slice(step * each, (step + 1) * each), [1, ...shape]),
  }));
}
