import { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import { blindBlur, turbulence } from '../../operators/blind-blur.ts';
import type { OperatorFamily } from '../../operators/operator-family.ts';
import blindDps from '../../solvers/blind-dps.ts';
import { denoiserOf, legsOf, pixelPrior, scheduleOf } from '../case-priors.ts';
import { nameOf } from '../draws.ts';
import type { Given } from '../given.ts';
import { defineMethod, pixelParams } from '../solver-case.ts';

const parameters = z.strictObject({
  steps: z.int(),
  scale_rule: z.literal('sqrt_alphas_cumprod'),
  sampler: z.literal('ddpm'),
  /** Of a norm that is the same for all kernels which sum to 1, or counts their entries: neither has a gradient. */
  reg_ord: z.union([z.literal(0), z.literal(1)]).nullable(),
  reg_scale: z.number(),
  kernel_size: z.int().positive(),
});

const operator = z.strictObject({
  operator: z.enum(['blind_blur', 'blind_turbulence']),
  boundary: z.literal('zero'),
  flip_kernel: z.literal(false),
  /** Of even kernels, in words. */
  padding: z.string(),
});

/** The tensors of a chain, as the solver's state has them. */
type Chains = { readonly x: Tensor; readonly kernel: Tensor; readonly tilt?: Tensor };

export const blindDpsMethod = defineMethod(
  'blinddps',
  { ...pixelParams, clip_denoised: z.literal(true), operator, parameters },
  (stated, given) => {
    const tilts = stated.operator.operator === 'blind_turbulence';
    const unknowns = {
      kernel: denoiserOf(given, 'kernel_denoiser', 'x_T_kernel'),
      ...(tilts && { tilt: denoiserOf(given, 'tilt_denoiser', 'x_T_tilt') }),
    };
    const prior = { ...pixelPrior(given, scheduleOf(stated)), unknowns };
    return {
      solver: blindDps,
      params: { steps: stated.timesteps.length, stepRule: 'rising' },
      prior,
      legs: legsOf(stated),
      draws: [
        { at: 'start of the kernel', values: given.tensor('x_T_kernel') },
        ...(tilts ? [{ at: 'start of the tilt', values: given.tensor('x_T_tilt') }] : []),
        ...stated.draws.flatMap(({ at, used, tensor }, i) =>
          used ? [{ at, values: given.tensor(tensor ?? nameOf(i)) }] : [],
        ),
      ],
      posed: (measured) => ({
        ...measured,
        A: familyOf(tilts, stated.parameters.kernel_size, prior.imageShape, given),
      }),
      watched: ({ now, x0 }) => ({ x: (now as Chains).x, x0: (x0 as Chains).x }),
      records({ now, x0 }) {
        const [states, estimates] = [now as Chains, x0 as Chains];
        return {
          kernel_states: states.kernel,
          kernel_x0_hats: estimates.kernel,
          ...(states.tilt && { tilt_states: states.tilt, tilt_x0_hats: estimates.tilt! }),
        };
      },
      finals({ now }) {
        const { kernel, tilt } = now as Chains;
        return { kernel_final: kernel, ...(tilt && { tilt_final: tilt }) };
      },
    };
  },
);

/** The operators of the case; its networks stand for what is known of the unknowns. */
function familyOf(
  tilts: boolean,
  size: number,
  imageShape: readonly [number, number, number],
  given: Given,
): OperatorFamily {
  const kernel = {
    size,
    law: { is: 'examples', codes: given.tensor('x_T_kernel') },
    boundary: 'constant',
  } as const;
  if (!tilts) return blindBlur(kernel, imageShape);
  return turbulence(
    kernel,
    { reach: 1, law: { is: 'examples', codes: given.tensor('x_T_tilt') } },
    imageShape,
  );
}
