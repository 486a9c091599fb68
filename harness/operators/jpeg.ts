import { type Tensor, tf } from '../engine/tf.ts';
import { type Matrix, sandwich, sandwichAdjoint, toTensor, zeros } from './matrix.ts';
import type { Operator } from './operator.ts';

export const BLOCK = 8;

/** ITU-T T.81, tables K.1 (luminance) and K.2 (chrominance), row by row. */
const LUMINANCE = [
  [16, 11, 10, 16, 24, 40, 51, 61],
  [12, 12, 14, 19, 26, 58, 60, 55],
  [14, 13, 16, 24, 40, 57, 69, 56],
  [14, 17, 22, 29, 51, 87, 80, 62],
  [18, 22, 37, 56, 68, 109, 103, 77],
  [24, 35, 55, 64, 81, 104, 113, 92],
  [49, 64, 78, 87, 103, 121, 120, 101],
  [72, 92, 95, 98, 112, 100, 103, 99],
];
const CHROMINANCE = [
  [17, 18, 24, 47, 99, 99, 99, 99],
  [18, 21, 26, 66, 99, 99, 99, 99],
  [24, 26, 56, 99, 99, 99, 99, 99],
  [47, 66, 99, 99, 99, 99, 99, 99],
  ...Array.from({ length: 4 }, () => new Array<number>(BLOCK).fill(99)),
];

/** JFIF's Y, Cb, Cr of R, G, B, row by row; the chroma are centred on 0. */
const TO_YCC = [
  [0.299, 0.587, 0.114],
  [-0.168735892, -0.331264108, 0.5],
  [0.5, -0.418687589, -0.081312411],
];
const TO_RGB = [
  [1, 0, 1.402],
  [1, -0.344136286, -0.714136286],
  [1, 1.772, 0],
];

/**
 * What JPEG loses: the cosine transform of 8x8 blocks (of Y, Cb and Cr in full resolution for colours), rounded to multiples
 * of libjpeg's table for `quality`, and back; [B,C,H,W] in [-1,1] -> the same, for sides that are multiples of 8. No clipping.
 * Rounding has no slope: the gradient is that of the identity (straight through, Bengio et al., arXiv 1308.3432).
 */
export function jpeg(
  quality: number,
  [channels, height, width]: readonly [number, number, number],
): Operator {
  const [rows, columns] = [toTensor(cosineMatrix(height)), toTensor(cosineMatrix(width))];
  const tables = [LUMINANCE, CHROMINANCE, CHROMINANCE].slice(0, channels);
  const steps = tf.tensor4d([tables.map((table) => tiled(table, quality, height, width))]);
  // Levels 0..255 are counted from 128, half a level above 0 in [-1,1]; chroma from their own middle.
  const shift = tf.tensor4d([0.5, 0, 0].slice(0, channels), [1, channels, 1, 1]);
  const [toYcc, toRgb] = [tf.tensor2d(TO_YCC), tf.tensor2d(TO_RGB)];
  const mixed = (x: Tensor, by: Tensor): Tensor => {
    if (channels === 1) return x;
    const flat = tf.reshape(x, [-1, 3, height * width]);
    return tf.reshape(tf.matMul(tf.tile(tf.expandDims(by, 0), [x.shape[0]!, 1, 1]), flat), x.shape);
  };
  const coded = tf.customGrad((x) => {
    const levels = tf.sub(tf.mul(mixed(x as Tensor, toYcc), 127.5), shift);
    const kept = tf.mul(tf.round(tf.div(sandwich(rows, levels, columns), steps)), steps);
    const decoded = tf.add(sandwichAdjoint(rows, kept, columns), shift);
    const value = mixed(tf.div(decoded, 127.5), toRgb);
    return { value, gradFunc: (dy: Tensor) => dy };
  });
  return {
    name: 'jpeg',
    linear: false,
    forward: (x) => coded(x),
    dispose: () => tf.dispose([rows, columns, steps, shift, toYcc, toRgb]),
  };
}

/** Orthonormal cosine transforms of 8 samples each along the diagonal. */
function cosineMatrix(length: number): Matrix {
  const matrix = zeros(length, length);
  for (let row = 0; row < length; row++) {
    const [start, k] = [row - (row % BLOCK), row % BLOCK];
    for (let n = 0; n < BLOCK; n++) {
      const scale = Math.sqrt((k === 0 ? 1 : 2) / BLOCK);
      matrix.data[row * length + start + n] = scale * Math.cos((Math.PI * (2 * n + 1) * k) / (2 * BLOCK));
    }
  }
  return matrix;
}

/** libjpeg's scaling of a table by quality 1 to 100, repeated over a channel. */
function tiled(
  table: readonly (readonly number[])[],
  quality: number,
  height: number,
  width: number,
): number[][] {
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  const step = (base: number) => Math.min(Math.max(Math.floor((base * percent + 50) / 100), 1), 255);
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => step(table[row % BLOCK]![column % BLOCK]!)),
  );
}
