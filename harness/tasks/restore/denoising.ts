import { z } from 'zod';
import { identity } from '../../operators/identity.ts';
import { noiseBy } from './noise.ts';
import { defineRestoration } from './restoration.ts';

/** The picture under noise alone. */
export default defineRestoration({
  name: 'denoising',
  title: 'Denoising',
  version: 1,
  source: 'sigma 25 of 255, the level most reported since Zhang et al., TIP 2017 (arXiv 1608.03981)',
  projection: true,
  params: z.strictObject({ noise: noiseBy(0.2) }),
  pseudoInverse: true,
  svd: true,
  operator: () => identity(),
  noise: (params) => params.noise,
  baseline: { name: 'measurement', solve: ({ y }) => y.clone() },
});
