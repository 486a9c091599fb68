import { z } from 'zod';
import { sizeOf } from '../../engine/shape.ts';
import { UserError } from '../../errors.ts';
import { psnr } from '../../metrics/psnr.ts';
import type { Plane } from '../../metrics/row-moments.ts';
import { type SsimOptions, ssim } from '../../metrics/ssim.ts';
import { BOUNDARIES } from '../../operators/boundary.ts';
import type { Entry } from '../entry.ts';
import type { Given } from '../given.ts';
import { readParams, Unsupported } from '../unsupported.ts';
import { toDoubles, type Values } from '../values.ts';

const side = z.number().int().positive();
const psnrParams = z.strictObject({ data_range: z.number().positive() });

const common = {
  data_range: z.number().positive(),
  channel_axis: z.number().int().nullable(),
  window_size: side,
  use_sample_covariance: z.boolean(),
  k1: z.number(),
  k2: z.number(),
  boundary: z.enum(BOUNDARIES),
  crop: z.number().int().nonnegative(),
};
const ssimParams = z.discriminatedUnion('window', [
  z.strictObject({
    ...common,
    window: z.literal('gaussian'),
    sigma: z.number().positive(),
    truncate: z.number().positive(),
  }),
  z.strictObject({ ...common, window: z.literal('uniform') }),
]);

/** a, b of equal shape -> psnr in dB, in double precision. */
export const psnrEntry: Entry = {
  name: 'psnr',
  async run(given) {
    const { data_range: range } = readParams(psnrParams, given.params);
    const [a, b] = pair(given);
    return { psnr: psnr(toDoubles(a), toDoubles(b), range) };
  },
};

/** a, b [H,W], or three axes of which one holds the channels -> ssim, the channels' mean, in double precision. */
export const ssimEntry: Entry = {
  name: 'ssim',
  async run(given) {
    const params = readParams(ssimParams, given.params);
    const options: SsimOptions = {
      range: params.data_range,
      window:
        params.window === 'gaussian'
          ? { gaussian: params.sigma, truncate: params.truncate }
          : { uniform: params.window_size },
      sampleCovariance: params.use_sample_covariance,
      side: params.window_size,
      k1: params.k1,
      k2: params.k2,
      boundary: params.boundary,
      crop: params.crop,
    };
    const [a, b] = pair(given).map((values) => planes(values, params.channel_axis));
    const sum = a!.reduce((total, plane, i) => total + ssim(plane, b![i]!, options), 0);
    return { ssim: sum / a!.length };
  },
};

function pair(given: Given): [Values, Values] {
  const [a, b] = [given.values('a'), given.values('b')];
  if (a.shape.join() !== b.shape.join())
    throw new UserError(`a has shape [${a.shape}], b [${b.shape}]; expected equal ones`);
  return [a, b];
}

function planes(values: Values, channelAxis: number | null): Plane[] {
  const { shape } = values;
  const rank = channelAxis === null ? 2 : 3;
  const axis = channelAxis === null ? null : channelAxis < 0 ? rank + channelAxis : channelAxis;
  if (shape.length !== rank || (axis !== null && (axis < 0 || axis >= rank)))
    throw new Unsupported(`params.channel_axis: found ${channelAxis} for an array of shape [${shape}]`);
  const data = toDoubles(values);
  const strides = shape.map((_, i) => sizeOf(shape.slice(i + 1)));
  const [rows, columns] = shape.map((_, i) => i).filter((i) => i !== axis) as [number, number];
  const [height, width] = [shape[rows]!, shape[columns]!];
  return Array.from({ length: axis === null ? 1 : shape[axis]! }, (_, c) => ({
    width,
    height,
    data: Float64Array.from({ length: height * width }, (_, i) => {
      const [y, x] = [Math.floor(i / width), i % width];
      return data[y * strides[rows]! + x * strides[columns]! + (axis === null ? 0 : c * strides[axis]!)]!;
    }),
  }));
}
