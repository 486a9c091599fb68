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
    dispose: () => {},
  };
}
