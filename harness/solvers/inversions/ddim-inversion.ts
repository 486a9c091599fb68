import { z } from 'zod';
import { guided } from '../parts/guidance.ts';
import { defineInversion } from './inversion.ts';
import { cfgScale, guidedPasses, inversionScale, steps, strength, walked } from './parameters.ts';
import { ascent, descent, walk, way } from './way.ts';

/** DDIM inversion (arXiv 2010.02502, section 4.3; Dhariwal and Nichol, arXiv 2105.05233): the sampler's steps turned round. */
export default defineInversion({
  name: 'ddim-inversion',
  title: 'DDIM inversion',
  version: 1,
  paper: 'Song, Meng and Ermon, ICLR 2021 (arXiv 2010.02502)',
  params: z.strictObject({ steps, strength, inversionScale, cfgScale: cfgScale(1) }),
  editScale: 7.5,
  passes: (p) => walked(p) * (guidedPasses(p.inversionScale) + guidedPasses(p.cfgScale)),
  async remake({ z0, source, target, empty }, prior, p, run) {
    return walk(
      run,
      way(prior, p),
      { z: z0, z0 },
      {
        up: ascent(run, guided(prior, empty, p.inversionScale), source),
        down: descent(run, guided(prior, empty, p.cfgScale), target),
      },
    );
  },
});
