import type { Image8 } from '../pictures/image8.ts';
import { resizeFilters, type Windows, windows } from './resize.ts';

/** Pillow keeps 8 bits for the value and 2 for sums beyond it. */
const PRECISION_BITS = 32 - 8 - 2;
const ONE = 2 ** PRECISION_BITS;

/**
 * Pillow's resize of 8-bit pictures (Resample.c, 3.4 to 11), bicubic: weights rounded to 22 bits behind the point, rows
 * before columns, each pass rounded and clipped to bytes.
 */
export function pillowResize8(
  image: Image8,
  { width, height }: { readonly width: number; readonly height: number },
): Image8 {
  const { channels } = image;
  const along = (inLength: number, outLength: number) => windows(inLength, outLength, resizeFilters.bicubic);
  let { data } = image;
  if (width !== image.width) {
    data = resample(
      data,
      { outer: image.height, length: image.width, inner: channels },
      along(image.width, width),
    );
  }
  if (height !== image.height) {
    data = resample(
      data,
      { outer: 1, length: image.height, inner: width * channels },
      along(image.height, height),
    );
  }
  return { width, height, channels, data };
}

/** The middle axis of [outer, length, inner] becomes as long as there are windows. */
function resample(
  data: Uint8Array,
  { outer, length, inner }: { readonly outer: number; readonly length: number; readonly inner: number },
  { starts, weights, taps }: Windows,
): Uint8Array {
  const fixed = Int32Array.from(weights, (w) => Math.trunc(w * ONE + (w < 0 ? -0.5 : 0.5)));
  const out = new Uint8ClampedArray(outer * starts.length * inner);
  const sums = new Int32Array(inner);
  for (let o = 0, at = 0; o < outer; o++) {
    for (let i = 0; i < starts.length; i++, at += inner) {
      sums.fill(ONE / 2);
      for (let k = 0; k < taps; k++) {
        const weight = fixed[i * taps + k]!;
        const from = (o * length + starts[i]! + k) * inner;
        for (let n = 0; n < inner; n++) sums[n]! += weight * data[from + n]!;
      }
      for (let n = 0; n < inner; n++) out[at + n] = sums[n]! >> PRECISION_BITS;
    }
  }
  return new Uint8Array(out.buffer);
}
