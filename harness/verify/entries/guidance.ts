import { z } from 'zod';
import { rescaled, towards } from '../../solvers/parts/guidance.ts';
import { thresholded } from '../../solvers/parts/thresholds.ts';
import { evaluate } from '../differentiable.ts';
import type { Entry } from '../entry.ts';
import { readParams } from '../unsupported.ts';

const NOTHING_DERIVED = { gradients: [], sums: [] };

const guidanceParams = z.strictObject({ guidance_scale: z.number(), guidance_rescale: z.number() });

/** eps_null, eps_cond -> eps, eps_rescaled. */
export const samplerGuidance: Entry = {
  name: 'sampler.guidance',
  async run(given) {
    const { guidance_scale: w, guidance_rescale: phi } = readParams(guidanceParams, given.params);
    const predictions = { u: given.tensor('eps_null'), c: given.tensor('eps_cond') };
    return evaluate(given, NOTHING_DERIVED, predictions, ({ u, c }) => {
      const eps = towards({ value: u! }, { value: c! }, w);
      return { eps: eps.value, eps_rescaled: rescaled(eps, { value: c! }, phi).value };
    });
  },
};

const thresholdParams = z.strictObject({
  /** Between 0 and 1. */
  percentile: z.number(),
  max_value: z.number(),
});

/** x0 -> x0_thresholded. */
export const samplerThreshold: Entry = {
  name: 'sampler.dynamic_threshold',
  async run(given) {
    const { percentile, max_value: most } = readParams(thresholdParams, given.params);
    return evaluate(given, NOTHING_DERIVED, { x0: given.tensor('x0') }, ({ x0 }) => ({
      x0_thresholded: thresholded(x0!, percentile, most),
    }));
  },
};
