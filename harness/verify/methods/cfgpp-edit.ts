import { z } from 'zod';
import cfgppInversion from '../../solvers/inversions/cfgpp-inversion.ts';
import { editor } from '../../solvers/inversions/inversion.ts';
import { indexedScheduleOf } from '../case-priors.ts';
import { inversionPrior, onTheWayDown } from '../inversion-cases.ts';
import { defineMethod, latentParams } from '../solver-case.ts';

const parameters = z.strictObject({
  sampler: z.literal('ddim_edit'),
  num_sampling: z.int(),
  cfg_guidance: z.number(),
  inversion_cfg_guidance: z.number(),
  /** The autoencoder's own, in its config. */
  scaling_factor: z.literal(0.18215),
});

export const cfgppEditMethod = defineMethod(
  'cfgpp/ddim_edit',
  { ...latentParams, operator: z.null(), parameters, inversion_timesteps: z.array(z.int()) },
  (stated, given) => {
    const p = stated.parameters;
    const prior = inversionPrior(given, indexedScheduleOf(stated), stated, 'draws.0000');
    const { encodeSample } = prior.autoencoder;
    return {
      solver: editor(cfgppInversion),
      params: {
        steps: p.num_sampling,
        lambda: p.cfg_guidance,
        inversionLambda: p.inversion_cfg_guidance,
      },
      // The code inverts a sample of the encoder's posterior.
      prior: {
        ...prior,
        autoencoder: { ...prior.autoencoder, encode: (x) => encodeSample(x, given.tensor('draws.0000')) },
      },
      leavesOut: () => true,
      of: 'x_src',
      posed: ({ y }) => ({ x: y, captions: ['c'], targets: ['c_target'] }),
      startsAtXT: false,
      recordsOnePicture: true,
      watched: onTheWayDown,
    };
  },
);
