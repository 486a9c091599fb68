/** CLIP's text encoder: transformers' CLIPTextModel (v4.27.1, models/clip/modeling_clip.py), with its state_dict names. */
import { type Tensor, tf } from '../engine/tf.ts';
import { clipEncoder, clipEncoderShapes } from './clip-encoder.ts';
import type { ClipTextConfig } from './clip-text-config.ts';
import { tokenNorm } from './layers.ts';
import { type ParamSpec, ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';

/** Far below every score, yet finite: a row's maximum minus it never becomes NaN. */
const MASKED = -1e9;

/** Rows of the token table. ids [B,L] int32 -> [B,L,D]. */
export function embedTokens(w: NetworkParams, ids: Tensor): Tensor {
  return tf.gather(w.get('text_model.embeddings.token_embedding.weight'), ids);
}

/**
 * Hidden states after the final layer norm. Padding is not masked, as in Stable Diffusion.
 * @param tokenEmbeddings [B,L,D], before positions are added
 * @param skip last layers to leave out; the final layer norm is kept (diffusers' clip_skip)
 * @returns [B,L,D]
 */
export function clipText(
  w: NetworkParams,
  config: ClipTextConfig,
  tokenEmbeddings: Tensor,
  skip = 0,
): Tensor {
  const [, length, width] = tokenEmbeddings.shape as [number, number, number];
  const model = w.scope('text_model');
  const positions = tf.slice(model.get('embeddings.position_embedding.weight'), [0, 0], [length, width]);
  const x = tf.add(tokenEmbeddings, positions);
  const h = clipEncoder(model.scope('encoder'), config, x, causalMask(length), skip);
  return tokenNorm(model.scope('final_layer_norm'), h, config.layer_norm_eps);
}

/** CLIP's pooled output: the hidden state at each text's highest id, its end token. [B,L,D], [B,L] -> [B,D]. */
export function poolAtEnd(hidden: Tensor, ids: Tensor): Tensor {
  const [batch, length, width] = hidden.shape as [number, number, number];
  const firstRow = tf.range(0, batch * length, length, 'int32');
  return tf.gather(tf.reshape(hidden, [batch * length, width]), tf.add(tf.argMax(ids, 1), firstRow));
}

/** Every parameter of the encoder. */
export function clipTextParameterShapes(config: ClipTextConfig): readonly ParamSpec[] {
  const shapes = new ShapeList();
  const width = config.hidden_size;
  const model = shapes.scope('text_model');
  model.embedding('embeddings.token_embedding', config.vocab_size, width);
  model.embedding('embeddings.position_embedding', config.max_position_embeddings, width);
  clipEncoderShapes(model.scope('encoder'), config);
  model.norm('final_layer_norm', width);
  return shapes.specs;
}

/** Additive bias [1,1,L,L] that hides every later token. */
function causalMask(length: number): Tensor {
  const bias = Float32Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? MASKED : 0,
  );
  return tf.tensor(bias, [1, 1, length, length]);
}
