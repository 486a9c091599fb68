import { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import { towards } from '../parts/guidance.ts';
import { defineInversion } from './inversion.ts';
import { steps, strength, walked } from './parameters.ts';
import { type Latents, type WayAt, walk, way } from './way.ts';

const lambda = z.number().min(0).max(1).default(0.6);

/**
 * CFG++ both ways (arXiv 2406.08070, Algorithm 2 and its inversion): down, the guided estimate is renoised with the
 * unconditional noise; up, the unconditional estimate is noised with the guided noise.
 */
export default defineInversion({
  name: 'cfgpp-inversion',
  title: 'CFG++ inversion',
  version: 1,
  paper: 'Chung, Kim, Park, Nam and Ye, ICLR 2025 (arXiv 2406.08070)',
  params: z.strictObject({
    steps,
    strength,
    inversionLambda: lambda.describe('guidance on the way up, from the null prompt (0) to the prompt (1)'),
    lambda: lambda.describe('the same on the way down'),
  }),
  passes: (p) => 4 * walked(p),
  async remake({ z0, source, target, empty }, prior, p, run) {
    const predictions = (z: Tensor, t: Tensor, c: Tensor, lambda: number) => {
      const unconditional = prior.predict(z, t, empty);
      return { unconditional, guided: towards(unconditional, prior.predict(z, t, c), lambda) };
    };
    const up = run.step(({ z }: Latents, { down, low }: WayAt) => {
      const { unconditional, guided } = predictions(z, down.t, source, p.inversionLambda);
      const z0 = low.clean(z, unconditional);
      return { z: down.noised(z0, low.noise(z, guided)), z0 };
    });
    const down = run.step(({ z }: Latents, { down: at }: WayAt) => {
      const { unconditional, guided } = predictions(z, at.t, target, p.lambda);
      const z0 = at.clean(z, guided);
      return { z: at.ddim(z0, at.noise(z, unconditional)), z0 };
    });
    const { noise, last } = await walk(run, way(prior, p), { z: z0, z0 }, { up, down });
    // As the public code: the estimate of the last step.
    return { noise, z: last.z0 };
  },
});
