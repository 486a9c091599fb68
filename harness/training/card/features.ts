import { SIZE } from '../../../datasets/toyfaces/index.ts';
import type { Features } from './classifier.ts';
import { PIXELS } from './pictures.ts';

const CHANNELS = 3;
/** Side of the squares whose means are the features. */
const POOL = 2;

/** Means of 2x2 pixels of each channel: pictures [N,3,64,64] become rows of 3072. */
export function pooledPixels(pixels: Float32Array): Features {
  const side = SIZE / POOL;
  const size = CHANNELS * side * side;
  const rows = new Float32Array((pixels.length / PIXELS) * size);
  for (let i = 0; i < pixels.length; i++) {
    const x = i % SIZE;
    const y = Math.floor(i / SIZE) % SIZE;
    const plane = Math.floor(i / (SIZE * SIZE));
    rows[(plane * side + Math.floor(y / POOL)) * side + Math.floor(x / POOL)]! += pixels[i]! / (POOL * POOL);
  }
  return { rows, size };
}
