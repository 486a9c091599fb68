import type { Image8 } from './metric.ts';

/**
 * The 8-bit picture of one image [C,H,W] with values in [-1,1]: round(255 clip((x + 1) / 2, 0, 1)), as it is saved and
 * scored.
 */
export function toImage8(
  values: ArrayLike<number>,
  [channels, height, width]: readonly [number, number, number],
): Image8 {
  const plane = height * width;
  const data = new Uint8Array(channels * plane);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < plane; i++) {
      const unit = (values[c * plane + i]! + 1) / 2;
      data[i * channels + c] = Math.round(255 * Math.min(1, Math.max(0, unit)));
    }
  }
  return { width, height, channels, data };
}
