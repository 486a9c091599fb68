import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { turbulence } from '../../operators/blind-blur.ts';
import { blurMatrix, gaussianKernel } from '../../operators/gaussian-blur.ts';
import { type Matrix, sandwich, toTensor } from '../../operators/matrix.ts';
import { between, type Uniforms } from '../restore/sampling.ts';
import type { ImageShape } from '../task.ts';
import { defineBlindTask, sizeMisfit } from './blind-problem.ts';
import { type DrawKernel, kernelLaw } from './kernel-law.ts';
import { examples, kernelSize, noise } from './parameters.ts';

/** Of a tilt's code, so that hardly any lies outside of [-1,1], where a solver cuts it. */
const CODE_DEVIATION = 1 / 3;
/** How much narrower and wider than `blur` a point spread may be. */
const [NARROWEST, WIDEST] = [0.5, 1.5];

/**
 * Through hot air: each pixel is seen from a place beside its own, and the whole is blurred. BlindDPS adds up 500 patches of
 * blurred noise to a field of tilts (after Chimitt and Chan, arXiv 2004.06989); their limit is a Gaussian field, and this one
 * is stationary. Zeros lie outside of the picture.
 */
export default defineBlindTask({
  name: 'turbulence',
  title: 'Turbulence',
  version: 1,
  source: 'BlindDPS (arXiv 2211.10656), section 4.2: tilt, then blur; the tilt is a Gaussian field of ours',
  params: z.strictObject({
    kernelSize: kernelSize(11),
    blur: z
      .number()
      .positive()
      .default(1)
      .describe('mean standard deviation of the point spread in pixels, drawn from half to 1.5 times of it'),
    tilt: z.number().min(0).default(1).describe('standard deviation of the tilt in pixels'),
    correlation: z
      .number()
      .positive()
      .default(3)
      .describe('standard deviation in pixels of the Gaussian that smooths the tilt'),
    examples,
    noise,
  }),
  misfit: (params, imageShape) =>
    sizeMisfit(params, imageShape) ??
    (imageShape[1] === imageShape[2] ? null : { parameter: 'tilt', expected: 'square images' }),
  unknownShapes: ({ kernelSize: size }, [, height, width]) => ({
    kernel: [1, size, size],
    tilt: [2, height, width],
  }),
  family({ kernelSize: size, blur, tilt, correlation, examples: count }, imageShape) {
    const law = kernelLaw(`gaussian ${blur}`, { count, size }, pointSpread(size, blur));
    const field = { is: 'gaussian field', factor: fieldFactor(correlation, imageShape) } as const;
    return turbulence(
      { size, law, boundary: 'constant' },
      { reach: tilt / CODE_DEVIATION, law: field },
      imageShape,
    );
  },
  unknowns({ kernelSize: size, blur, tilt, correlation }, imageShape, streams) {
    const draw = pointSpread(size, blur);
    const kernels = Array.from({ length: streams.count }, (_, i) =>
      tf.tensor3d(Float32Array.from(draw(streams.uniforms('operator', i))), [1, size, size]),
    );
    const factor = toTensor(fieldFactor(correlation, imageShape));
    const code = sandwich(factor, streams.normal('operator', [2, ...imageShape.slice(1)]), factor);
    return { kernel: tf.stack(kernels), tilt: tf.mul(code, tilt / CODE_DEVIATION) as Tensor };
  },
  noise: (params) => params.noise,
});

/** A Gaussian of random width. */
function pointSpread(size: number, blur: number): DrawKernel {
  return (next: Uniforms) => {
    const line = gaussianKernel(size, between(next, NARROWEST, WIDEST) * blur);
    return Float64Array.from(
      { length: size * size },
      (_, i) => line[Math.floor(i / size)]! * line[i % size]!,
    );
  };
}

/** F of fields F W F^T with W standard normal: a Gaussian blur whose every sample has the same variance. */
function fieldFactor(correlation: number, [, side]: ImageShape): Matrix {
  const taps = 2 * Math.ceil(3 * correlation) + 1;
  const blur = blurMatrix(gaussianKernel(taps, correlation), side, 'symmetric');
  const data = blur.data.slice();
  for (let row = 0; row < side; row++) {
    const line = data.subarray(row * side, (row + 1) * side);
    const length = Math.hypot(...line);
    for (const [i, value] of line.entries()) line[i] = (value * Math.sqrt(CODE_DEVIATION)) / length;
  }
  return { rows: side, columns: side, data };
}
