import { type Tensor, tf } from '../engine/tf.ts';
import { conv, dense, normSilu } from './layers.ts';
import type { ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';

export interface NormOptions {
  readonly groups: number;
  readonly eps: number;
}

/**
 * diffusers' ResnetBlock2D: GroupNorm, SiLU, conv, + projected time embedding, GroupNorm, SiLU, conv, + shortcut.
 * @param x [B,C,H,W]
 * @param activatedTime SiLU of the time embedding, [1 or B, T]; null in the autoencoder
 * @returns [B,C',H,W]
 */
export function resnetBlock(
  w: NetworkParams,
  x: Tensor,
  activatedTime: Tensor | null,
  { groups, eps }: NormOptions,
): Tensor {
  let h = conv(w.scope('conv1'), normSilu(w.scope('norm1'), x, groups, eps), { padding: 1 });
  if (activatedTime) {
    const shift = dense(w.scope('time_emb_proj'), activatedTime);
    h = tf.add(h, tf.reshape(shift, [shift.shape[0]!, shift.shape[1]!, 1, 1]));
  }
  h = conv(w.scope('conv2'), normSilu(w.scope('norm2'), h, groups, eps), { padding: 1 });
  const shortcut = w.has('conv_shortcut.weight') ? conv(w.scope('conv_shortcut'), x) : x;
  return tf.add(shortcut, h);
}

/** Parameters of a resnet block; `timeWidth` null where it takes no time embedding. */
export function resnetBlockShapes(
  shapes: ShapeList,
  inChannels: number,
  outChannels: number,
  timeWidth: number | null,
): void {
  shapes.norm('norm1', inChannels);
  shapes.conv('conv1', inChannels, outChannels, 3);
  if (timeWidth !== null) shapes.linear('time_emb_proj', timeWidth, outChannels);
  shapes.norm('norm2', outChannels);
  shapes.conv('conv2', outChannels, outChannels, 3);
  if (inChannels !== outChannels) shapes.conv('conv_shortcut', inChannels, outChannels, 1);
}
