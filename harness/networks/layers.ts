/** Layers with parameters: each takes the scope that holds its `weight` and `bias`. */
import { type Conv2dOptions, conv2d, groupNorm, groupNormSilu, layerNorm, linear } from '../engine/ops.ts';
import type { Tensor } from '../engine/tf.ts';
import type { NetworkParams } from './params.ts';

export function conv(w: NetworkParams, x: Tensor, options?: Conv2dOptions): Tensor {
  return conv2d(x, w.get('weight'), w.get('bias'), options);
}

/** A linear layer over the last axis, with or without a bias, as the weights have it. */
export function dense(w: NetworkParams, x: Tensor): Tensor {
  return linear(x, w.get('weight'), w.has('bias') ? w.get('bias') : null);
}

export function norm(w: NetworkParams, x: Tensor, groups: number, eps: number): Tensor {
  return groupNorm(x, groups, w.get('weight'), w.get('bias'), eps);
}

/** SiLU of `norm`. */
export function normSilu(w: NetworkParams, x: Tensor, groups: number, eps: number): Tensor {
  return groupNormSilu(x, groups, w.get('weight'), w.get('bias'), eps);
}

export function tokenNorm(w: NetworkParams, x: Tensor, eps: number): Tensor {
  return layerNorm(x, w.get('weight'), w.get('bias'), eps);
}
