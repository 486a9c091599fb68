import { avgPool2d, conv2d, maxPool2d } from '../engine/ops.ts';
import { sizeOf } from '../engine/shape.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { type Branch, blocks, type ConvUnit, type Pooling, stem } from './inception-layout.ts';
import type { ParamSpec } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';

/** Length of `inceptionPool3`. */
export const INCEPTION_FEATURES = 2048;
/** Of batch normalisation. */
export const INCEPTION_EPSILON = 1e-3;

/**
 * The 2048 spatial means before the classifier: FID's features. Weights by the names of pytorch-fid's fid_inception_v3.
 * @param x [B,3,299,299], scaled as the input path wants it (about [-1,1])
 * @returns [B,2048]
 */
export function inceptionPool3(w: NetworkParams, x: Tensor, epsilon = INCEPTION_EPSILON): Tensor {
  let h = x;
  for (const layer of stem)
    h = layer === 'halve' ? pool(h, 'halve') : convUnit(w, layer, h, [layer.padding, layer.padding], epsilon);
  for (const { name, branches } of blocks) {
    const scope = w.scope(name);
    h = tf.concat(
      branches.flatMap((branch) => runBranch(scope, branch, h, epsilon)),
      1,
    );
  }
  return tf.mean(h, [2, 3]);
}

function runBranch(
  w: NetworkParams,
  { pooling, units, split }: Branch,
  x: Tensor,
  epsilon: number,
): Tensor[] {
  const run = (unit: ConvUnit, h: Tensor) => convUnit(w, unit, h, paddingOf(unit), epsilon);
  const h = units.reduce((h, unit) => run(unit, h), pooling ? pool(x, pooling) : x);
  return split ? split.map((unit) => run(unit, h)) : [h];
}

function pool(x: Tensor, pooling: Pooling): Tensor {
  if (pooling === 'halve') return maxPool2d(x, 3, { stride: 2 });
  return (pooling === 'max' ? maxPool2d : avgPool2d)(x, 3, { stride: 1, padding: 1 });
}

function paddingOf({ kernel: [height, width], stride }: ConvUnit): readonly [number, number] {
  return stride === 1 ? [(height - 1) / 2, (width - 1) / 2] : [0, 0];
}

/** Batch normalisation with stored statistics is a factor and a shift for each channel. */
function convUnit(
  params: NetworkParams,
  { name, stride }: ConvUnit,
  x: Tensor,
  [vertical, horizontal]: readonly [number, number],
  epsilon: number,
): Tensor {
  const w = params.scope(name);
  const norm = w.scope('bn');
  const factor = tf.mul(norm.get('weight'), tf.rsqrt(tf.add(norm.get('running_var'), epsilon)));
  const shift = tf.sub(norm.get('bias'), tf.mul(norm.get('running_mean'), factor));
  const padding = [vertical, vertical, horizontal, horizontal] as const;
  const weight = w.get('conv.weight');
  const h = conv2d(x, tf.mul(weight, tf.reshape(factor, [-1, 1, 1, 1])), shift, { stride, padding });
  return tf.relu(h);
}

/** All parameters of `inceptionPool3`. */
export function inceptionShapes(): readonly ParamSpec[] {
  const specs: ParamSpec[] = [];
  let width = 3;
  const add = (prefix: string, unit: ConvUnit, inWidth: number): number => {
    const shape = [unit.channels, inWidth, ...unit.kernel];
    const name = `${prefix}${unit.name}`;
    specs.push({ name: `${name}.conv.weight`, shape, kind: 'weight', fanIn: sizeOf(shape.slice(1)) });
    for (const norm of ['weight', 'running_var'])
      specs.push({ name: `${name}.bn.${norm}`, shape: [unit.channels], kind: 'normWeight', fanIn: 0 });
    for (const norm of ['bias', 'running_mean'])
      specs.push({ name: `${name}.bn.${norm}`, shape: [unit.channels], kind: 'normBias', fanIn: 0 });
    return unit.channels;
  };
  for (const layer of stem) if (layer !== 'halve') width = add('', layer, width);
  for (const { name, branches } of blocks) {
    const widths = branches.flatMap(({ units, split }) => {
      const inner = units.reduce((before, unit) => add(`${name}.`, unit, before), width);
      return split ? split.map((unit) => add(`${name}.`, unit, inner)) : [inner];
    });
    width = widths.reduce((a, b) => a + b);
  }
  return specs;
}
