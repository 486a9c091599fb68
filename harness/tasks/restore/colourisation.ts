import { z } from 'zod';
import { tf } from '../../engine/tf.ts';
import { colourisation } from '../../operators/colourisation.ts';
import { noise } from './noise.ts';
import { defineRestoration } from './restoration.ts';

/** Colours from brightness. */
export default defineRestoration({
  name: 'colourisation',
  title: 'Colourisation',
  version: 1,
  source: 'DDRM (arXiv 2201.11793) and DDNM (arXiv 2212.00490): weights 0.3333, 0.3334, 0.3333',
  params: z.strictObject({ noise }),
  pseudoInverse: true,
  svd: true,
  projection: true,
  operator: () => colourisation([0.3333, 0.3334, 0.3333]),
  noise: (params) => params.noise,
  baseline: { name: 'grey', solve: ({ y }) => tf.tile(y, [1, 3, 1, 1]) },
});
