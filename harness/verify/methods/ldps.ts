import { z } from 'zod';
import ldps from '../../solvers/ldps.ts';
import { indexedScheduleOf, latentPrior, legsOf } from '../case-priors.ts';
import { defineMethod, latentParams } from '../solver-case.ts';
import { psldCode } from './psld.ts';

const parameters = z.strictObject({ ...psldCode, gamma: z.literal(0), scale: z.literal(1) });

export const ldpsMethod = defineMethod('ldps', { ...latentParams, parameters }, (stated, given) => ({
  solver: ldps,
  params: {
    steps: stated.timesteps.length,
    eta: stated.parameters.ddim_eta,
    omega: stated.parameters.omega,
    variant: 'public-code',
  },
  prior: latentPrior(given, indexedScheduleOf(stated)),
  legs: legsOf(stated),
  recordsOnePicture: true,
  // PSLD's code still encodes: the sample enters a term whose weight is 0.
  leavesOut: ({ at }) => at.includes('posterior sample'),
}));
