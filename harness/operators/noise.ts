import { type Tensor, tf } from '../engine/tf.ts';
import type { Operator } from './operator.ts';

/** A(x) + sigma n with n standard normal: noise falls on what A measures only, so a missing pixel stays 0. */
export function withNoise(A: Operator, clean: Tensor, gaussian: Tensor, sigma: number): Tensor {
  return tf.add(clean, tf.mul(A.restrict ? A.restrict(gaussian) : gaussian, sigma));
}
