/** CLIP's vision transformer: transformers' CLIPVisionModel (v4.27.1, models/clip/modeling_clip.py), with its state_dict names. */
import { conv2d } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { ClipVisionConfig } from './clip-config.ts';
import { clipEncoder, clipEncoderShapes } from './clip-encoder.ts';
import { tokenNorm } from './layers.ts';
import type { ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';
import { toTokens } from './tokens.ts';

/** As the published files spell it. */
const PRE_NORM = 'pre_layrnorm';

/**
 * The pooled output: the normalised hidden state of the class token.
 * @param pixels [B,3,S,S], S the config's image_size, normalised by CLIP's mean and deviation
 * @param more tokens [B,n,D] beside those of class and patches
 * @returns [B,D]
 */
export function clipVision(
  w: NetworkParams,
  config: ClipVisionConfig,
  pixels: Tensor,
  more?: Tensor,
): Tensor {
  const batch = pixels.shape[0]!;
  const width = config.hidden_size;
  const model = w.scope('vision_model');
  const embeddings = model.scope('embeddings');
  const patches = conv2d(pixels, embeddings.get('patch_embedding.weight'), null, {
    stride: config.patch_size,
  });
  const classToken = tf.tile(tf.reshape(embeddings.get('class_embedding'), [1, 1, width]), [batch, 1, 1]);
  const tokens = tf.concat([classToken, toTokens(patches)], 1);
  const placed = tf.add(tokens, embeddings.get('position_embedding.weight'));
  const x = more ? tf.concat([placed, more], 1) : placed;
  const normed = tokenNorm(model.scope(PRE_NORM), x, config.layer_norm_eps);
  const hidden = clipEncoder(model.scope('encoder'), config, normed, null);
  const first = tf.reshape(tf.slice(hidden, [0, 0, 0], [batch, 1, width]), [batch, width]);
  return tokenNorm(model.scope('post_layernorm'), first, config.layer_norm_eps);
}

/** Adds every parameter of the vision transformer. */
export function clipVisionShapes(shapes: ShapeList, config: ClipVisionConfig): void {
  const { hidden_size: width, num_channels: channels, patch_size: patch } = config;
  const model = shapes.scope('vision_model');
  const embeddings = model.scope('embeddings');
  embeddings.free('class_embedding', [width]);
  embeddings.conv('patch_embedding', channels, width, patch, false);
  embeddings.embedding('position_embedding', Math.floor(config.image_size / patch) ** 2 + 1, width);
  model.norm(PRE_NORM, width);
  clipEncoderShapes(model.scope('encoder'), config);
  model.norm('post_layernorm', width);
}
