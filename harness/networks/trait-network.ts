import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { conv, dense } from './layers.ts';
import { type ParamSpec, ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';

const count = z.number().int().positive();

/** config.json of a trait network: `stages` halve the size, each with an inner and an outer width. */
export const traitNetworkConfigSchema = z.strictObject({
  stages: z.array(z.tuple([count, count])).nonempty(),
  /** Number of classes of each question that the heads answer. */
  classes: z.array(count).nonempty(),
});
export type TraitNetworkConfig = z.infer<typeof traitNetworkConfigSchema>;

/**
 * A small convolutional network for pictures [B,3,H,W] in [-1,1]: each stage is two 3x3 convolutions with ReLU, the
 * second of stride 2. Returns every stage's output, [B,width,H/2^s,W/2^s].
 */
export function traitFeatures(w: NetworkParams, { stages }: TraitNetworkConfig, x: Tensor): Tensor[] {
  const taps: Tensor[] = [];
  let h = x;
  for (const s of stages.keys()) {
    const stage = w.scope(`stages.${s}`);
    h = tf.relu(conv(stage.scope('inner'), h, { padding: 1 }));
    h = tf.relu(conv(stage.scope('outer'), h, { stride: 2, padding: 1 }));
    taps.push(h);
  }
  return taps;
}

/** The spatial mean of the last stage, [B,width]: the network's summary of a picture. */
export function pooledFeatures(taps: readonly Tensor[]): Tensor {
  return tf.mean(taps.at(-1)!, [2, 3]);
}

/** One logit vector a question, side by side: [B, sum of classes]. */
export function traitLogits(w: NetworkParams, pooled: Tensor): Tensor {
  return dense(w.scope('heads'), pooled);
}

/** The likeliest class of each question, for each row of logits. */
export function answersOf({ classes }: TraitNetworkConfig, logits: Float32Array): number[][] {
  const width = classes.reduce((sum, n) => sum + n, 0);
  return Array.from({ length: logits.length / width }, (_, row) => {
    let from = row * width;
    return classes.map((count) => {
      const own = logits.subarray(from, from + count);
      from += count;
      return own.indexOf(Math.max(...own));
    });
  });
}

export function traitNetworkShapes({ stages, classes }: TraitNetworkConfig): readonly ParamSpec[] {
  const shapes = new ShapeList();
  let width = 3;
  for (const [s, [inner, outer]] of stages.entries()) {
    const stage = shapes.scope(`stages.${s}`);
    stage.conv('inner', width, inner, 3);
    stage.conv('outer', inner, outer, 3);
    width = outer;
  }
  shapes.linear(
    'heads',
    width,
    classes.reduce((sum, n) => sum + n, 0),
  );
  return shapes.specs;
}
