import { z } from 'zod';
import { pillowResize, resizeFilters } from '../../metrics/resize.ts';
import { keysCubic } from '../../operators/resize-matrix.ts';
import { roundHalfEven } from '../../priors/ddim.ts';
import type { Entry } from '../entry.ts';
import { readParams, Unsupported } from '../unsupported.ts';
import { toDoubles } from '../values.ts';

const side = z.number().int().positive();
const paramsSchema = z.strictObject({
  layout: z.enum(['HWC', 'CHW']),
  width: side,
  height: side,
  filter: z.enum(['bicubic', 'bilinear', 'box', 'lanczos']),
  /** Of the bicubic filter. */
  a: z.number().optional(),
  /** The filter's half-width in input pixels, before it is stretched. */
  support: z.number().positive().optional(),
  antialias: z.boolean(),
  clip: z.tuple([z.number(), z.number()]).nullable(),
  round: z.boolean(),
});

/** image_u8 -> resized, both [H,W,C] or both [C,H,W]. */
export const cleanfidResize: Entry = {
  name: 'resize.cleanfid',
  async run(given) {
    const params = readParams(paramsSchema, given.params);
    const image = given.values('image_u8');
    const channelsFirst = params.layout === 'CHW';
    const [height, width, channels] = (
      channelsFirst ? [image.shape[1], image.shape[2], image.shape[0]] : image.shape
    ) as [number, number, number];
    const filter = params.filter === 'bicubic' ? keysCubic(params.a ?? -0.5) : resizeFilters[params.filter];
    if (params.support !== undefined && params.support !== filter.radius)
      throw new Unsupported(`params.support: found ${params.support}; ${params.filter} has ${filter.radius}`);
    const data = toDoubles(image);
    const size = { width: params.width, height: params.height };
    const resize = (raster: { channels: number; data: ArrayLike<number> }) =>
      pillowResize({ width, height, ...raster }, size, filter, params.antialias);
    const plane = height * width;
    const resized = channelsFirst
      ? Float32Array.from(
          Array.from({ length: channels }, (_, c) =>
            Array.from(resize({ channels: 1, data: data.subarray(c * plane, (c + 1) * plane) })),
          ).flat(),
        )
      : resize({ channels, data });
    const [low, high] = params.clip ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const finished = resized.map((value) => {
      const clipped = Math.min(high, Math.max(low, value));
      return params.round ? roundHalfEven(clipped) : clipped;
    });
    const shape = channelsFirst
      ? [channels, params.height, params.width]
      : [params.height, params.width, channels];
    return { resized: { shape, data: finished } };
  },
};
