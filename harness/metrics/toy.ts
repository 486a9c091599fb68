/**
 * LPIPS-toy and FID-toy: the formulas of LPIPS and FID on a small network that was trained on toyfaces (toy-features/).
 * They need no file from elsewhere, and their numbers are comparable with no other LPIPS or FID.
 */
import { type Tensor, tf } from '../engine/tf.ts';
import { pooledFeatures, traitFeatures } from '../networks/trait-network.ts';
import { fidMetric } from './fid.ts';
import type { NetworkMetric } from './network-metric.ts';
import { runsOfOneSize } from './picture-batches.ts';
import type { FeatureExtractor } from './set-metric.ts';
import { networkProtocol, openNetwork, readNetworkConfig, shownPictures } from './toy-network.ts';

/** Of a pixel's feature vector before it is divided by its length (LPIPS v0.1). */
const EPSILON = 1e-10;

/**
 * LPIPS (Zhang et al. 2018, equation 1) with the network's three stages: features of unit length at each pixel, squared
 * differences summed over channels (all weights 1), means over pixels, summed over stages.
 */
export const lpipsToy: NetworkMetric = {
  name: 'lpips-toy',
  title: 'LPIPS-toy',
  version: 1,
  of: 'picture',
  against: 'truth',
  level: 'image',
  by: 'network',
  better: 'lower',
  digits: 4,
  weights: [],
  protocol: () => ({ ...networkProtocol(), heads: 'none: all weights 1', aggregation: 'per image' }),
  async open(_paths, device) {
    const { params, config, dispose } = openNetwork(device);
    const distances = device.compile(({ a, b }: { a: Tensor; b: Tensor }) => {
      const [ours, theirs] = [traitFeatures(params, config, a), traitFeatures(params, config, b)];
      return tf.addN(
        ours.map((tap, s) => {
          const difference = tf.squaredDifference(unitLength(tap), unitLength(theirs[s]!));
          return tf.mean(tf.sum(difference, 1), [1, 2]);
        }),
      );
    });
    return {
      async scores(restored, truths) {
        const values: number[] = [];
        for (const [start, end] of runsOfOneSize(restored)) {
          const a = shownPictures(restored.slice(start, end));
          const b = shownPictures(truths.slice(start, end));
          const result = await distances({ a, b });
          values.push(...(await result.data()));
          tf.dispose([a, b, result]);
        }
        return values;
      },
      dispose,
    };
  },
};

/** The spatial means of the network's last stage. */
const toyFeatures: FeatureExtractor = {
  name: 'toy-features',
  get dimensions() {
    return readNetworkConfig().stages.at(-1)![1];
  },
  weights: [],
  protocol: () => ({ ...networkProtocol(), features: 'spatial means of the last stage' }),
  async open(_paths, device) {
    const { params, config, dispose } = openNetwork(device);
    const pooled = device.compile(({ x }: { x: Tensor }) => pooledFeatures(traitFeatures(params, config, x)));
    return {
      async features(images) {
        const rows: number[] = [];
        for (const [start, end] of runsOfOneSize(images)) {
          const x = shownPictures(images.slice(start, end));
          const result = await pooled({ x });
          rows.push(...(await result.data()));
          tf.dispose([x, result]);
        }
        return Float32Array.from(rows);
      },
      dispose,
    };
  },
};

export const fidToy = fidMetric('fid-toy', toyFeatures);

function unitLength(tap: Tensor): Tensor {
  return tf.div(tap, tf.add(tf.sqrt(tf.sum(tf.square(tap), 1, true)), EPSILON));
}
