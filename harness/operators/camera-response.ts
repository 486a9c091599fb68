import { type Tensor, tf } from '../engine/tf.ts';
import type { Operator } from './operator.ts';

/** Below this share of white a curve is not followed: its slope at black is infinite. */
const DARKEST = 1e-3;

/**
 * A linear blur of light seen through a camera's response, [B,C,H,W] in [-1,1] -> the same: y = g(B g^-1(x)) with
 * g(v) = v^(1/gamma) on [0,1] (Nah et al., arXiv 1612.02177, eq. 1 and 2: gamma 2.2). Differentiable; the gradient is 0
 * where x is black.
 * @param blur of non-negative weights; the operator owns it from now on
 */
export function throughCamera(blur: Operator, gamma: number): Operator {
  const curve = (v: Tensor, power: number) => tf.pow(tf.clipByValue(v, DARKEST, 1), power);
  return {
    name: `${blur.name}-through-camera`,
    linear: false,
    ...(blur.drawn && { drawn: blur.drawn }),
    forward(x) {
      const light = curve(tf.mul(tf.add(x, 1), 0.5), gamma);
      return tf.sub(tf.mul(curve(blur.forward(light), 1 / gamma), 2), 1);
    },
    dispose: () => blur.dispose(),
  };
}
