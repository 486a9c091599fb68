/** An image as metrics see it: height x width x channels, row-major. */
export interface Image8 {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

export type PictureSize = Pick<Image8, 'width' | 'height'>;

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

/**
 * The values of an 8-bit picture as networks take them: [C,H,W] row-major, byte / 127.5 - 1 in [-1,1].
 * `toImage8` is the exact inverse.
 */
export function fromImage8({ width, height, channels, data }: Image8): Float32Array {
  const plane = width * height;
  const values = new Float32Array(channels * plane);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < plane; i++) values[c * plane + i] = data[i * channels + c]! / 127.5 - 1;
  }
  return values;
}
