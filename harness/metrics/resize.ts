import { cubic, lanczos, type ResizeKernel } from '../operators/resize-matrix.ts';

/** Values of a picture: height x width x channels, row-major. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: ArrayLike<number>;
}

/** Pillow's filters by name. */
export const resizeFilters = {
  bicubic: cubic,
  bilinear: { radius: 1, weight: (distance) => Math.max(0, 1 - Math.abs(distance)) },
  box: { radius: 0.5, weight: (distance) => (distance > -0.5 && distance <= 0.5 ? 1 : 0) },
  lanczos,
} satisfies Record<string, ResizeKernel>;

/**
 * Where a target pixel i lies in the source: `half-pixel` (i + 1/2) in/out - 1/2, `asymmetric` i in/out (TensorFlow 1),
 * `align-corners` i (in - 1)/(out - 1).
 */
export type Coordinates = 'half-pixel' | 'asymmetric' | 'align-corners';

/**
 * Pillow's resize of 32-bit float planes (mode F), as clean-fid uses it: the filter widened when shrinking (antialiasing),
 * its window cut at the border and normalised to 1, rows before columns, sums in double precision, both passes stored as
 * float32. Not clipped, not rounded. `width` and `height` are of the result. With the bilinear filter and no
 * antialiasing it is PyTorch's interpolate too: a window cut at the border and normalised repeats the edge.
 */
export function pillowResize(
  image: Raster,
  { width, height }: { readonly width: number; readonly height: number },
  filter: ResizeKernel = resizeFilters.bicubic,
  antialias = true,
  coordinates: Coordinates = 'half-pixel',
): Float32Array {
  const along = (inLength: number, outLength: number) =>
    windows(inLength, outLength, filter, antialias, coordinates);
  const rows =
    width === image.width ? Float32Array.from(image.data) : alongRows(image, along(image.width, width));
  if (height === image.height) return rows;
  return alongColumns(rows, width * image.channels, along(image.height, height));
}

/** The input samples that each output sample is a weighted sum of: `taps` from `starts[i]` on, zeros behind the window. */
export interface Windows {
  readonly starts: Int32Array;
  readonly weights: Float64Array;
  readonly taps: number;
}

export function windows(
  inLength: number,
  outLength: number,
  { weight, radius }: ResizeKernel,
  antialias = true,
  coordinates: Coordinates = 'half-pixel',
): Windows {
  const scale = inLength / outLength;
  const centreOf = centres(inLength, outLength, coordinates);
  const stretch = antialias ? Math.max(scale, 1) : 1;
  const reach = radius * stretch;
  const taps = Math.min(inLength, Math.ceil(reach) * 2 + 1);
  const starts = new Int32Array(outLength);
  const weights = new Float64Array(outLength * taps);
  for (let i = 0; i < outLength; i++) {
    const centre = centreOf(i);
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(inLength, Math.trunc(centre + reach + 0.5));
    // A window may be shorter than `taps`; it begins early enough for all of them to lie inside.
    const start = Math.min(first, inLength - taps);
    const row = weights.subarray(i * taps, (i + 1) * taps);
    let sum = 0;
    for (let k = first; k < end; k++) {
      const w = weight((k - centre + 0.5) / stretch);
      row[k - start] = w;
      sum += w;
    }
    for (let k = 0; k < taps; k++) row[k]! /= sum;
    starts[i] = start;
  }
  return { starts, weights, taps };
}

/** Places in the source from its edge, so that pixel 0 has its centre at 1/2. */
function centres(inLength: number, outLength: number, coordinates: Coordinates): (i: number) => number {
  const scale = inLength / outLength;
  switch (coordinates) {
    case 'half-pixel':
      return (i) => (i + 0.5) * scale;
    case 'asymmetric':
      return (i) => i * scale + 0.5;
    case 'align-corners':
      return (i) => (outLength > 1 ? (i * (inLength - 1)) / (outLength - 1) : 0) + 0.5;
  }
}

function alongRows({ width, height, channels, data }: Raster, w: Windows): Float32Array {
  const outWidth = w.starts.length;
  const out = new Float32Array(height * outWidth * channels);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < outWidth; x++) {
      const from = (y * width + w.starts[x]!) * channels;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < w.taps; k++) sum += w.weights[x * w.taps + k]! * data[from + k * channels + c]!;
        out[at++] = sum;
      }
    }
  }
  return out;
}

function alongColumns(data: Float32Array, stride: number, w: Windows): Float32Array {
  const outHeight = w.starts.length;
  const out = new Float32Array(outHeight * stride);
  const sums = new Float64Array(stride);
  for (let y = 0; y < outHeight; y++) {
    sums.fill(0);
    for (let k = 0; k < w.taps; k++) {
      const weight = w.weights[y * w.taps + k]!;
      const from = (w.starts[y]! + k) * stride;
      for (let x = 0; x < stride; x++) sums[x]! += weight * data[from + x]!;
    }
    out.set(sums, y * stride);
  }
  return out;
}
