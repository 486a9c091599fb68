/** EBCA's context updates (arXiv 2306.09869): steps down the energies of a layer. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import type { CrossAttention, CrossAttentionLayer } from '../../harness/priors/prior.ts';
import { contextUpdate, nested } from '../../harness/solvers/parts/energy.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, gaussian } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const values = (x: Tensor) => x.dataSync() as Float32Array;
const c = () => gaussian(3, [2, 3, 5]);
const x = () => gaussian(4, [2, 4, 4, 4]);
const gains = (attn: number, norm: number) => ({ attn: tf.scalar(attn), norm: tf.scalar(norm) });
const alone = (attn: number, norm: number) => ({ c: c(), share: tf.scalar(1), ...gains(attn, norm) });
const predict = (attend: CrossAttention) =>
  values(fakePrior().crossAttention.predict(x(), tf.scalar(500), attend).value);

/** The first layer of a pass. */
function layerOf(): CrossAttentionLayer {
  let first: CrossAttentionLayer | undefined;
  predict((layer) => {
    first ??= layer;
    return layer.attend(c());
  });
  return first!;
}

describe('an update', () => {
  it('goes up how strongly pixels attend: sum over tokens of log sum exp over pixels of k q / sqrt(d), times sqrt(d)', () => {
    const layer = layerOf();
    const root = Math.sqrt(layer.queries().shape[3]!);
    const agreement = (c: Tensor) => {
      const scores = tf.div(tf.matMul(layer.keys(c), layer.queries(), false, true), root);
      return tf.mul(root, tf.sum(tf.logSumExp(scores, -1)));
    };
    const update = values(contextUpdate(layer, c(), gains(0.5, 0)));
    expect(apart(update, values(tf.mul(0.5, tf.grad(agreement)(c()))))).toBeLessThan(1e-5);
  });

  it("goes down half of the log sum exp over tokens of the keys' squared lengths", () => {
    const layer = layerOf();
    const length = (c: Tensor) => tf.sum(tf.logSumExp(tf.sum(tf.square(layer.keys(c)), [1, 3]), -1));
    const update = values(contextUpdate(layer, c(), gains(0, 0.5)));
    expect(apart(update, values(tf.mul(-0.25, tf.grad(length)(c()))))).toBeLessThan(1e-5);
  });

  it('heeds no query outside of a mask', () => {
    const layer = layerOf();
    const masked = (value: number) =>
      contextUpdate(layer, c(), gains(0.5, 0), tf.fill([2, 1, 16, 16], value));
    expect(values(masked(0)).every((v) => v === 0)).toBe(true);
    expect(values(masked(1))).toEqual(values(contextUpdate(layer, c(), gains(0.5, 0))));
  });
});

describe('nested contexts', () => {
  it('without step sizes attend as the network does', () => {
    const plain = predict((layer) => layer.attend(c()));
    expect(predict(nested([alone(0, 0)]).attend)).toEqual(plain);
  });

  it('are updated after a layer, for the layers that follow', () => {
    const main = nested([alone(0.5, 0.2)]);
    const seen: Float32Array[] = [];
    predict((layer) => {
      const before = main.contexts()[0]!;
      const attended = main.attend(layer);
      expect(values(attended)).toEqual(values(layer.attend(before)));
      seen.push(values(main.contexts()[0]!));
      return attended;
    });
    expect(seen).toHaveLength(2);
    expect(apart(seen[0]!, values(c()))).toBeGreaterThan(1e-3);
    expect(apart(seen[1]!, seen[0]!)).toBeGreaterThan(1e-3);
  });

  it('of one text twice, added and half of it taken away, are that text', () => {
    const shares = [1, 1, -0.5];
    const mixed = nested(shares.map((share) => ({ c: c(), share: tf.scalar(share), ...gains(0, 0) })));
    const plain = predict((layer) => layer.attend(c()));
    expect(apart(predict(mixed.attend), plain)).toBeLessThan(1e-5);
  });
});
