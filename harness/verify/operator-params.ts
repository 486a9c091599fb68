import { z } from 'zod';
import { tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import { blockAverage } from '../operators/block-average.ts';
import { BOUNDARIES } from '../operators/boundary.ts';
import { circularBlur } from '../operators/circular-blur.ts';
import { colourisation } from '../operators/colourisation.ts';
import { gaussianBlur } from '../operators/gaussian-blur.ts';
import { highDynamicRange } from '../operators/high-dynamic-range.ts';
import { inpainting } from '../operators/inpainting.ts';
import type { Matrix } from '../operators/matrix.ts';
import { motionBlur } from '../operators/motion-blur.ts';
import type { Operator } from '../operators/operator.ts';
import { phaseRetrieval } from '../operators/phase-retrieval.ts';
import { keysCubic } from '../operators/resize-matrix.ts';
import { separableOperator } from '../operators/separable.ts';
import { superResolution } from '../operators/super-resolution.ts';
import type { Given } from './given.ts';
import { toDoubles } from './values.ts';

const count = z.number().int().positive();
const boundary = z.enum(BOUNDARIES);

/** The params of an operator, by its name. `rest`: what a case may state beside them. */
export function operatorSchema<R extends z.ZodRawShape>(rest: R) {
  return z.discriminatedUnion('operator', [
    z.strictObject({
      ...rest,
      operator: z.literal('super_resolution'),
      factor: count,
      kernel: z.literal('cubic'),
      a: z.number(),
      antialias: z.boolean(),
      boundary,
      weights_dtype: z.literal('float32'),
    }),
    z.strictObject({
      ...rest,
      operator: z.literal('gaussian_blur'),
      /** The argument that holds it, computed from the rest. */
      kernel: z.string().optional(),
      kernel_size: count,
      sigma: z.number().positive(),
      truncate: z.number().positive(),
      boundary,
      flip_kernel: z.boolean(),
    }),
    z.strictObject({
      ...rest,
      operator: z.literal('motion_blur'),
      kernel_size: count,
      /** The argument that holds it. */
      kernel: z.string(),
      boundary,
      flip_kernel: z.boolean(),
    }),
    z.strictObject({
      ...rest,
      operator: z.literal('phase_retrieval'),
      pad: z.number().int().nonnegative(),
      input_scale: z.number(),
      input_shift: z.number(),
      fft_norm: z.enum(['ortho', 'forward', 'backward']),
      centred: z.boolean(),
      /** What `pad` was computed from. */
      oversample: z.number().optional(),
    }),
    z.strictObject({
      ...rest,
      operator: z.literal('high_dynamic_range'),
      scale: z.number(),
      min: z.number(),
      max: z.number(),
    }),
    z.strictObject({
      ...rest,
      operator: z.literal('inpainting'),
      /** The argument that holds it. */
      mask: z.string(),
    }),
  ]);
}

/** What a whole run's operator may state beside what makes it: what its method calls A^+, in words. */
const information = { pinv: z.string().optional() };

/** What whole runs measure with beside them; `svd` is information, and so is that ILVR enlarges again what it reduced. */
export const runOperatorSchema = z.discriminatedUnion('operator', [
  operatorSchema(information),
  z.strictObject({
    ...information,
    operator: z.literal('circular_blur'),
    kernel: z.string(),
    boundary: z.literal('wrap'),
    flip_kernel: z.literal(true),
  }),
  z.strictObject({
    ...information,
    operator: z.literal('circular_blur_decimate'),
    kernel: z.string(),
    boundary: z.literal('wrap'),
    flip_kernel: z.literal(true),
    factor: count,
    offset: z.literal(0),
  }),
  z.strictObject({
    ...information,
    operator: z.literal('separable_matrix'),
    /** The argument that holds it; rows and columns take the same. */
    matrix: z.string(),
    /** How it was made, where that is said. */
    kernel: z.literal('cubic').optional(),
    a: z.number().optional(),
    taps: count.optional(),
    boundary: boundary.optional(),
    factor: count.optional(),
  }),
  z.strictObject({ ...information, operator: z.literal('block_average'), factor: count }),
  z.strictObject({ operator: z.literal('average_pooling'), factor: count, svd: z.unknown().optional() }),
  z.strictObject({
    operator: z.literal('ilvr_low_pass'),
    factor: count,
    kernel: z.literal('cubic'),
    a: z.number(),
    antialias: z.boolean(),
    boundary,
    weights_dtype: z.literal('float32'),
  }),
  z.strictObject({
    operator: z.literal('colorization'),
    weights: z.tuple([z.number(), z.number(), z.number()]),
  }),
]);
export type OperatorParams = z.infer<typeof runOperatorSchema>;

/** The operator for images [B,C,H,W]; kernel and mask are arguments of the case. */
export function operatorOf(params: OperatorParams, image: readonly number[], given: Given): Operator {
  const [batch, channels, height, width] = image as [number, number, number, number];
  const shape = [channels, height, width] as const;
  switch (params.operator) {
    case 'ilvr_low_pass':
    case 'super_resolution': {
      const { factor, a, antialias, boundary } = params;
      return superResolution(factor, shape, { kernel: keysCubic(a), antialias, boundary });
    }
    case 'gaussian_blur': {
      const { kernel_size: kernelSize, sigma, truncate, boundary, flip_kernel: flip } = params;
      return gaussianBlur({ kernelSize, sigma, truncate, boundary, flip }, shape);
    }
    case 'motion_blur': {
      const { kernel_size: size, boundary, flip_kernel: flip } = params;
      const kernel = toDoubles(given.values(params.kernel));
      if (kernel.length !== size * size) {
        throw new UserError(`${params.kernel}: ${kernel.length} values; kernel_size gives ${size * size}`);
      }
      return motionBlur(Array<Float64Array>(batch).fill(kernel), size, shape, { boundary, flip });
    }
    case 'phase_retrieval': {
      const { pad, input_scale: inputScale, input_shift: inputShift, fft_norm: norm, centred } = params;
      return phaseRetrieval({ pad, inputScale, inputShift, norm, centred }, shape);
    }
    case 'high_dynamic_range':
      return highDynamicRange(params);
    case 'circular_blur':
    case 'circular_blur_decimate': {
      const kernel = toDoubles(given.values(params.kernel));
      const factor = params.operator === 'circular_blur' ? 1 : params.factor;
      return circularBlur({ kernel, factor }, shape);
    }
    case 'separable_matrix': {
      const { rows, columns, data } = given.matrix(params.matrix);
      const matrix = { rows, columns, data: Float64Array.from(data) };
      return separableOperator(params.operator, matrix, matrix);
    }
    case 'block_average':
    case 'average_pooling':
      return blockAverage(params.factor, shape, basisOf(given));
    case 'colorization':
      return colourisation(params.weights);
    case 'inpainting':
      return inpainting(tf.cast(given.tensor(params.mask), 'float32'));
  }
}

/** The right singular vectors that the code's linear algebra chose for a block, where the case states them. */
function basisOf(given: Given): Matrix | undefined {
  if (!given.has('svd.V_small')) return undefined;
  const { rows, columns, data } = given.matrix('svd.V_small');
  return { rows, columns, data: Float64Array.from(data) };
}
