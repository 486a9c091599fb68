import { z } from 'zod';
import ddnm from '../solvers/ddnm.ts';
import dds from '../solvers/dds.ts';
import dps from '../solvers/dps.ts';
import mcg from '../solvers/mcg.ts';
import type { Solver } from '../solvers/solver.ts';
import { readParams } from './unsupported.ts';

/** A registered solver with the parameters that a case states in the official code's words. */
export interface Method {
  readonly solver: Solver<'restore'>;
  readonly params: Readonly<Record<string, unknown>>;
}

type Reader = (stated: { parameters: unknown; clip_denoised: boolean; steps: number }) => Method;

const dpsParameters = z.strictObject({
  scale: z.number(),
  sampler: z.literal('ddpm'),
  guidance: z.literal('ps'),
});
const mcgParameters = z.union([
  z.strictObject({ scale: z.number(), sample_method: z.literal('MCG') }),
  z.strictObject({ scale: z.number(), sampler: z.literal('ddpm'), guidance: z.literal('mcg') }),
]);
const ddsParameters = z.strictObject({
  eta: z.number(),
  gamma: z.number(),
  CG_iter: z.int(),
  /** Where the public code stops early; further iterations change nothing there. */
  cg_eps: z.number(),
  T_sampling: z.int(),
});
const ddnmParameters = z.strictObject({
  variant: z.literal('ddnm'),
  eta: z.number(),
  T_sampling: z.int(),
  travel_length: z.int(),
  travel_repeat: z.int(),
});

/** By the name that `params.method` gives. `steps`: network calls where the grid goes straight down. */
export const methods: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [
    'dps',
    ({ parameters, clip_denoised, steps }) => {
      readParams(z.literal(true), clip_denoised);
      return { solver: dps, params: { steps, zeta: readParams(dpsParameters, parameters).scale } };
    },
  ],
  [
    'mcg',
    ({ parameters, clip_denoised, steps }) => {
      readParams(z.literal(true), clip_denoised);
      return { solver: mcg, params: { steps, alpha: readParams(mcgParameters, parameters).scale } };
    },
  ],
  [
    'dds',
    ({ parameters, clip_denoised }) => {
      readParams(z.literal(false), clip_denoised);
      const { eta, gamma, CG_iter, T_sampling } = readParams(ddsParameters, parameters);
      return { solver: dds, params: { steps: T_sampling, eta, gamma, cgSteps: CG_iter } };
    },
  ],
  [
    'ddnm',
    ({ parameters, clip_denoised }) => {
      readParams(z.literal(false), clip_denoised);
      const stated = readParams(ddnmParameters, parameters);
      const { eta, T_sampling: steps, travel_length, travel_repeat } = stated;
      return {
        solver: ddnm,
        params: { steps, eta, travelLength: travel_length, travelRepeat: travel_repeat },
      };
    },
  ],
]);
