/** The Fréchet distance of Inception-sized features against scipy's matrix square root, as pytorch-fid computes it. */
import { tf } from '../../../harness/engine/tf.ts';
import { fidMetric } from '../../../harness/metrics/fid.ts';
import { frechetDistance, gaussianOf } from '../../../harness/metrics/frechet.ts';
import type { FeatureExtractor, FeatureSet } from '../../../harness/metrics/set-metric.ts';
import type { BenchCase } from '../case.ts';
import { noise } from '../noise.ts';

const PICTURES = 1000;
const FEATURES = 2048;

/** Noise whose variance falls as 1 / feature number. */
function features(seed: number, shift: number): FeatureSet {
  const data = noise(PICTURES * FEATURES, seed);
  for (let i = 0; i < data.length; i++) data[i] = (data[i]! + shift) / Math.sqrt((i % FEATURES) + 1);
  return { data, dimensions: FEATURES, images: Array.from({ length: PICTURES }, (_, i) => String(i)) };
}

const rowsOf = ({ data }: FeatureSet) => ({ rows: PICTURES, columns: FEATURES, data });

function distanceCase(name: string, distance: (a: FeatureSet, b: FeatureSet) => Promise<number>): BenchCase {
  return {
    name,
    batch: PICTURES,
    wasm: false,
    pytorch: { module: 'fid', args: { pictures: PICTURES, features: FEATURES }, byScipy: true },
    async prepare() {
      const [a, b] = [features(1, 0), features(2, 0.1)];
      return async () => tf.tensor([await distance(a, b)]);
    },
  };
}

export const fid: readonly BenchCase[] = [
  distanceCase(`FID, ${FEATURES} features`, async (a, b) =>
    frechetDistance(await gaussianOf(rowsOf(a)), await gaussianOf(rowsOf(b))),
  ),
  distanceCase(
    `FID, ${FEATURES} features, with its standard error (theirs: without)`,
    async (generated, reference) => {
      const metric = fidMetric('fid', {} as FeatureExtractor);
      return (await metric.score({ generated, reference, paired: true })).value;
    },
  ),
];
