/** Both halves of CLIP (Radford et al. 2021): transformers' CLIPModel (v4.27.1), with its state_dict names. */
import { type Tensor, tf } from '../engine/tf.ts';
import type { ClipConfig, ClipImageConfig, ClipVisionConfig } from './clip-config.ts';
import { clipText, clipTextParameterShapes, embedTokens, poolAtEnd } from './clip-text.ts';
import { clipVision, clipVisionShapes } from './clip-vision.ts';
import { dense } from './layers.ts';
import { type ParamSpec, ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';

/** Where pictures lie in the common space, not of unit length. [B,3,S,S], normalised -> [B,P]. */
export function clipImageFeatures(w: NetworkParams, config: ClipVisionConfig, pixels: Tensor): Tensor {
  return dense(w.scope('visual_projection'), clipVision(w, config, pixels));
}

/** Where texts lie in it. Token ids [B,L], int32 -> [B,P]. */
export function clipTextFeatures(w: NetworkParams, config: ClipConfig, ids: Tensor): Tensor {
  const hidden = clipText(w, config.text_config, embedTokens(w, ids));
  return dense(w.scope('text_projection'), poolAtEnd(hidden, ids));
}

/** Cosines of the angles between rows: [B,P], [B,P] -> [B]. */
export function cosines(a: Tensor, b: Tensor): Tensor {
  const lengths = tf.sqrt(tf.mul(tf.sum(tf.square(a), 1), tf.sum(tf.square(b), 1)));
  return tf.div(tf.sum(tf.mul(a, b), 1), lengths);
}

/** Every parameter; the scale of the training loss is one and not used. */
export function clipParameterShapes(config: ClipConfig): readonly ParamSpec[] {
  const shapes = new ShapeList([...clipTextParameterShapes(config.text_config)]);
  imageShapes(shapes, { ...config.vision_config, projection_dim: config.projection_dim });
  shapes.linear('text_projection', config.text_config.hidden_size, config.projection_dim, false);
  shapes.logScale('logit_scale');
  return shapes.specs;
}

/** Those of `clipImageFeatures` alone. */
export function clipImageParameterShapes(config: ClipImageConfig): readonly ParamSpec[] {
  const shapes = new ShapeList();
  imageShapes(shapes, config);
  return shapes.specs;
}

function imageShapes(shapes: ShapeList, config: ClipImageConfig): void {
  clipVisionShapes(shapes, config);
  shapes.linear('visual_projection', config.hidden_size, config.projection_dim, false);
}
