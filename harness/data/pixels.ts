import type { Image8 } from '../metrics/metric.ts';

/**
 * The values of an 8-bit picture as networks take them: [C,H,W] row-major, byte / 127.5 - 1 in [-1,1].
 * `toImage8` (metrics/image8.ts) is the exact inverse.
 */
export function fromImage8({ width, height, channels, data }: Image8): Float32Array {
  const plane = width * height;
  const values = new Float32Array(channels * plane);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < plane; i++) values[c * plane + i] = data[i * channels + c]! / 127.5 - 1;
  }
  return values;
}
