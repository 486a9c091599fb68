import { silu } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { dense } from './layers.ts';
import type { ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';

const MAX_PERIOD = 10_000;

export interface SinusoidOptions {
  readonly width: number;
  /** [cos, sin] instead of [sin, cos]. */
  readonly flipSinToCos: boolean;
  readonly freqShift: number;
}

/**
 * diffusers' Timesteps: sines and cosines of t * 10000^(-i / (width/2 - freqShift)).
 * @param t training time step, scalar or [N]
 * @returns [1 or N, width]
 */
export function sinusoid(t: Tensor, { width, flipSinToCos, freqShift }: SinusoidOptions): Tensor {
  const half = width / 2;
  const frequencies = Float32Array.from({ length: half }, (_, i) => MAX_PERIOD ** (-i / (half - freqShift)));
  const phase = tf.mul(tf.reshape(tf.cast(t, 'float32'), [-1, 1]), tf.tensor(frequencies, [1, half]));
  const waves = [tf.sin(phase), tf.cos(phase)];
  return tf.concat(flipSinToCos ? waves.reverse() : waves, 1);
}

/** SiLU(linear_2(SiLU(linear_1(sinusoid)))) [1 or N, T]; every resnet block starts from this activation. */
export function activatedTimeEmbedding(w: NetworkParams, t: Tensor, options: SinusoidOptions): Tensor {
  return silu(dense(w.scope('linear_2'), silu(dense(w.scope('linear_1'), sinusoid(t, options)))));
}

export function timeEmbeddingShapes(shapes: ShapeList, sinusoidWidth: number, timeWidth: number): void {
  shapes.linear('linear_1', sinusoidWidth, timeWidth);
  shapes.linear('linear_2', timeWidth, timeWidth);
}
