import { tf } from '../engine/tf.ts';
import type { Operator } from './operator.ts';

export interface HighDynamicRange {
  readonly scale: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Over-exposure, clip(scale x, min, max), [B,C,H,W] -> [B,C,H,W] (DAPS's HDR: 2, -1, 1). Its gradient is `scale` inside
 * and on the bounds, 0 outside.
 */
export function highDynamicRange({ scale, min, max }: HighDynamicRange): Operator {
  return {
    name: 'high-dynamic-range',
    linear: false,
    forward: (x) => tf.clipByValue(tf.mul(x, scale), min, max),
    guess: (y) => tf.div(y, scale),
    projection: {
      // As ProjDiff's public code has it for (2, -1, 1): y is not scaled by the signal, and what noise may have brought near
      // the bounds counts as over-exposed.
      project(x, y, signal) {
        const exact = tf.less(tf.abs(y), signal === 1 ? max : max / 2);
        const below = tf.logicalAnd(tf.greaterEqual(tf.abs(y), max), tf.less(tf.abs(x), max / scale));
        return tf.where(tf.logicalOr(exact, below), tf.div(y, scale), x);
      },
      variance: scale ** -2,
    },
    dispose: () => {},
  };
}
