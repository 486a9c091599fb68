import { conv2d, maxPool2d, resizeBilinear } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { Trunk, TrunkLayer } from './lpips-trunks.ts';
import { type ParamSpec, ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';

export interface LpipsOptions {
  /** Taken from and divided into the channels of pictures in [-1,1]; null: none (version 0.0). */
  readonly scaling: { readonly shift: readonly number[]; readonly scale: readonly number[] } | null;
  /** Added to a feature vector's length before it is divided by it. */
  readonly epsilon: number;
  /** Indices of the layers that are compared, where they are not the trunk's own. */
  readonly taps?: readonly number[];
}

/** Version 0.1: ImageNet's mean and deviation, for pictures in [-1,1]. */
export const LPIPS_V01: LpipsOptions = {
  scaling: { shift: [-0.03, -0.088, -0.188], scale: [0.458, 0.448, 0.45] },
  epsilon: 1e-10,
};

/**
 * LPIPS (Zhang et al. 2018, equation 1): at each tapped layer the squared difference of feature vectors of unit length,
 * weighted by the layer's head, its mean over pixels, summed over layers. Differentiable.
 * @param trunk weights by torchvision's names (`features.0.weight`)
 * @param heads `lin<i>.model.1.weight` [1,C,1,1]
 * @param a,b [B,3,H,W] in [-1,1]
 * @returns [B]
 */
export function lpips(
  layout: Trunk,
  trunk: NetworkParams,
  heads: NetworkParams,
  a: Tensor,
  b: Tensor,
  options: LpipsOptions = LPIPS_V01,
): Tensor {
  return tf.addN(layerMaps(layout, trunk, heads, a, b, options).map((map) => tf.mean(map, [1, 2, 3])));
}

/** The same before the means: every layer's map resized to the pictures, [B,1,H,W]. */
export function lpipsMap(
  layout: Trunk,
  trunk: NetworkParams,
  heads: NetworkParams,
  a: Tensor,
  b: Tensor,
  options: LpipsOptions = LPIPS_V01,
): Tensor {
  const size = a.shape.slice(2) as [number, number];
  return tf.addN(layerMaps(layout, trunk, heads, a, b, options).map((map) => resizeBilinear(map, size)));
}

/** [B,1,h,w] of each layer. */
function layerMaps(
  layout: Trunk,
  trunk: NetworkParams,
  heads: NetworkParams,
  a: Tensor,
  b: Tensor,
  { scaling, epsilon, taps = layout.taps }: LpipsOptions,
): Tensor[] {
  const features = (x: Tensor) => tapped(layout, trunk, scaling ? scaled(x, scaling) : x, taps);
  const [ours, theirs] = [features(a), features(b)];
  return ours.map((tap, i) => {
    const difference = tf.squaredDifference(unitLength(tap, epsilon), unitLength(theirs[i]!, epsilon));
    return tf.sum(tf.mul(difference, heads.get(`lin${i}.model.1.weight`)), 1, true);
  });
}

function scaled(x: Tensor, { shift, scale }: NonNullable<LpipsOptions['scaling']>): Tensor {
  const channels = (values: readonly number[]) => tf.tensor([...values], [1, 3, 1, 1]);
  return tf.div(tf.sub(x, channels(shift)), channels(scale));
}

/** Below any length that matters: the square root has no slope at zero. */
const TINY = 1e-30;

function unitLength(tap: Tensor, epsilon: number): Tensor {
  const length = tf.sqrt(tf.maximum(tf.sum(tf.square(tap), 1, true), TINY));
  return tf.div(tap, tf.add(length, epsilon));
}

function tapped({ layers }: Trunk, w: NetworkParams, x: Tensor, taps: readonly number[]): Tensor[] {
  const results: Tensor[] = [];
  let h = x;
  for (const [i, layer] of layers.entries()) {
    h = runLayer(layer, w.scope(`features.${i}`), h);
    if (taps.includes(i)) results.push(h);
    if (results.length === taps.length) break;
  }
  return results;
}

function runLayer(layer: TrunkLayer, w: NetworkParams, x: Tensor): Tensor {
  switch (layer.kind) {
    case 'conv':
      return conv2d(x, w.get('weight'), w.get('bias'), layer);
    case 'relu':
      return tf.relu(x);
    case 'maxPool':
      return maxPool2d(x, layer.size, { stride: 2, ceil: layer.ceil });
    case 'fire': {
      const unit = (name: string, h: Tensor, padding = 0) =>
        tf.relu(conv2d(h, w.get(`${name}.weight`), w.get(`${name}.bias`), { padding }));
      const h = unit('squeeze', x);
      return tf.concat([unit('expand1x1', h), unit('expand3x3', h, 1)], 1);
    }
  }
}

/** Parameters of a trunk. */
export function lpipsTrunkShapes({ layers }: Trunk): readonly ParamSpec[] {
  const shapes = new ShapeList();
  let width = 3;
  for (const [i, layer] of layers.entries()) {
    if (layer.kind === 'conv') {
      shapes.conv(`features.${i}`, width, layer.channels, layer.kernel);
      width = layer.channels;
    } else if (layer.kind === 'fire') {
      const scope = shapes.scope(`features.${i}`);
      scope.conv('squeeze', width, layer.squeeze, 1);
      scope.conv('expand1x1', layer.squeeze, layer.expand, 1);
      scope.conv('expand3x3', layer.squeeze, layer.expand, 3);
      width = 2 * layer.expand;
    }
  }
  return shapes.specs;
}

/** The heads' parameters: one weight a channel of each tapped layer. */
export function lpipsHeadShapes({ layers, taps }: Trunk): readonly ParamSpec[] {
  let width = 3;
  const widths = layers.map((layer) => {
    if (layer.kind === 'conv') width = layer.channels;
    if (layer.kind === 'fire') width = 2 * layer.expand;
    return width;
  });
  return taps.map((tap, i) => {
    const channels = widths[tap]!;
    return { name: `lin${i}.model.1.weight`, shape: [1, channels, 1, 1], kind: 'weight', fanIn: channels };
  });
}
