import { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import cfgppInversion from '../../solvers/inversions/cfgpp-inversion.ts';
import { editor, inverter } from '../../solvers/inversions/inversion.ts';
import { indexedScheduleOf } from '../case-priors.ts';
import type { Given } from '../given.ts';
import { inversionPrior, onTheWayDown, toInvert } from '../inversion-cases.ts';
import { defineMethod, latentParams } from '../solver-case.ts';

/** Of both programs: the edit goes on from the inversion. */
const stated = <S extends string>(sampler: S) => ({
  ...latentParams,
  operator: z.null(),
  parameters: z.strictObject({
    sampler: z.literal(sampler),
    num_sampling: z.int(),
    cfg_guidance: z.number(),
    inversion_cfg_guidance: z.number(),
    /** The autoencoder's own, in its config. */
    scaling_factor: z.literal(0.18215),
  }),
  inversion_timesteps: z.array(z.int()),
});
type Stated = z.infer<z.ZodObject<ReturnType<typeof stated>>>;

function runOf(stated: Stated, given: Given) {
  const { num_sampling: steps, cfg_guidance: lambda, inversion_cfg_guidance } = stated.parameters;
  const prior = inversionPrior(given, indexedScheduleOf(stated), stated, 'draws.0000');
  const { encodeSample } = prior.autoencoder;
  return {
    params: { steps, lambda, inversionLambda: inversion_cfg_guidance },
    // The code inverts a sample of the encoder's posterior.
    prior: {
      ...prior,
      autoencoder: {
        ...prior.autoencoder,
        encode: (x: Tensor) => encodeSample(x, given.tensor('draws.0000')),
      },
    },
    leavesOut: () => true,
    of: 'x_src',
    startsAtXT: false,
    recordsOnePicture: true,
    watched: onTheWayDown,
  } as const;
}

export const cfgppInversionMethod = defineMethod(
  'cfgpp/ddim_inversion',
  stated('ddim_inversion'),
  (stated, given) => {
    const run = runOf(stated, given);
    return {
      ...run,
      solver: inverter(cfgppInversion),
      params: { ...run.params, prompt: 'c' },
      posed: toInvert,
    };
  },
);

export const cfgppEditMethod = defineMethod('cfgpp/ddim_edit', stated('ddim_edit'), (stated, given) => ({
  ...runOf(stated, given),
  solver: editor(cfgppInversion),
  posed: ({ y }) => ({ x: y, captions: ['c'], targets: ['c_target'] }),
}));
