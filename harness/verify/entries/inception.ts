import { z } from 'zod';
import { resizeBilinear } from '../../engine/ops.ts';
import { tf } from '../../engine/tf.ts';
import { inceptionPool3, inceptionShapes } from '../../networks/inception-v3.ts';
import { evaluate } from '../differentiable.ts';
import type { Entry } from '../entry.ts';
import type { NetworkKind } from '../network.ts';
import { readParams, Unsupported } from '../unsupported.ts';

const configSchema = z.unknown();
const inceptionKind: NetworkKind<typeof configSchema> = { schema: configSchema, parameters: inceptionShapes };

const side = z.number().int().positive();
const paramsSchema = z.strictObject({
  layout: z.enum(['CHW', 'HWC', 'NCHW', 'NHWC']),
  /** Divides the bytes. */
  input_max: z.number().positive(),
  resize: z.tuple([side, side]),
  interpolation: z.literal('bilinear'),
  align_corners: z.literal(false),
  antialias: z.literal(false),
  /** After the resize: scale x + shift. */
  scale: z.number(),
  shift: z.number(),
  batch_norm_eps: z.number().positive(),
});

/** image_u8, one picture or several -> pool3 [N,2048]. */
export const inceptionEntry: Entry = {
  name: 'inception.pool3',
  run(given) {
    const params = readParams(paramsSchema, given.params);
    const { params: weights } = given.network(inceptionKind);
    const stored = given.tensor('image_u8');
    if (stored.rank !== params.layout.length)
      throw new Unsupported(`params.layout: found ${params.layout} for an array of shape [${stored.shape}]`);
    const batch = stored.rank === 3 ? tf.expandDims(stored, 0) : stored;
    const bytes = params.layout.endsWith('C') ? tf.transpose(batch, [0, 3, 1, 2]) : batch;
    const image = tf.div(tf.cast(bytes, 'float32'), params.input_max);
    return evaluate(given, { gradients: [], sums: [] }, { image_u8: image }, (variables) => {
      const resized = resizeBilinear(variables.image_u8!, params.resize);
      const scaled = tf.add(tf.mul(resized, params.scale), params.shift);
      return { pool3: inceptionPool3(weights, scaled, params.batch_norm_eps) };
    });
  },
};
