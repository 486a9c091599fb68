import { z } from 'zod';
import psld from '../../solvers/psld.ts';
import { indexedScheduleOf, latentPrior, legsOf } from '../case-priors.ts';
import { defineMethod, latentParams } from '../solver-case.ts';

/** LituRout/PSLD, which ldps shares. */
export const psldCode = {
  ddim_steps: z.int(),
  ddim_eta: z.number(),
  omega: z.number(),
  branch: z.enum(['general_inverse', 'inpainting']),
  transpose: z.enum(['nearest_upsampling', 'identity']),
  measurement_noise_in_loss: z.literal(true),
  encode: z.literal('sample'),
  scaling_factor: z.number(),
};

/** TReg-inverse/TReg; its null prompt is all that the network is told. */
const tregCode = {
  num_sampling: z.int(),
  cfg_guidance: z.literal(1),
  eta: z.number(),
  omega: z.number(),
  gamma: z.number(),
  transpose: z.literal('adjoint'),
  measurement_noise_in_loss: z.literal(false),
  encode: z.literal('sample'),
  scaling_factor: z.number(),
};

const parameters = z.union([
  z.strictObject({ ...psldCode, gamma: z.number(), scale: z.number() }),
  z.strictObject(tregCode),
]);

export const psldMethod = defineMethod('psld', { ...latentParams, parameters }, (stated, given) => {
  const { parameters: p, timesteps } = stated;
  const common = { steps: timesteps.length, omega: p.omega, gamma: p.gamma };
  return {
    solver: psld,
    params:
      'scale' in p
        ? { ...common, variant: 'public-code', eta: p.ddim_eta, prompt: 'c', cfgScale: p.scale }
        : { ...common, variant: 'treg-code', eta: p.eta },
    prior: latentPrior(given, indexedScheduleOf(stated)),
    legs: legsOf(stated),
    recordsOnePicture: true,
  };
});
