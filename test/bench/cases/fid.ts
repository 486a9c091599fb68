/** The Fréchet distance of Inception-sized features against scipy's matrix square root, as pytorch-fid computes it. */
import { tf } from '../../../harness/engine/tf.ts';
import { fidMetric } from '../../../harness/metrics/fid.ts';
import { frechetDistance, gaussianOfRows } from '../../../harness/metrics/frechet.ts';
import { featureRows, featureSet } from '../../../harness/metrics/set-comparison.ts';
import type { FeatureExtractor, FeatureSet } from '../../../harness/metrics/set-metric.ts';
import type { BenchCase } from '../case.ts';
import { noise } from '../noise.ts';

const FEATURES = 2048;

/** Noise whose variance falls as 1 / feature number. */
function features(pictures: number, seed: number, shift: number): FeatureSet {
  const data = noise(pictures * FEATURES, seed);
  for (let i = 0; i < data.length; i++) data[i] = (data[i]! + shift) / Math.sqrt((i % FEATURES) + 1);
  return featureSet(
    data,
    FEATURES,
    Array.from({ length: pictures }, (_, i) => String(i)),
  );
}

interface Size {
  readonly pictures: number;
  readonly rounds?: number;
  readonly onlyByName?: boolean;
}

function distanceCase(
  name: string,
  { pictures, ...when }: Size,
  distance: (a: FeatureSet, b: FeatureSet) => Promise<number>,
): BenchCase {
  return {
    name,
    batch: pictures,
    wasm: false,
    pytorch: { module: 'fid', args: { pictures, features: FEATURES }, byScipy: true },
    ...when,
    async prepare() {
      const [a, b] = [features(pictures, 1, 0), features(pictures, 2, 0.1)];
      return async () => tf.tensor([await distance(a, b)]);
    },
  };
}

const alone = (size: Size) =>
  distanceCase(`FID of ${size.pictures} pictures, ${FEATURES} features`, size, async (a, b) =>
    frechetDistance(await gaussianOfRows(featureRows(a)), await gaussianOfRows(featureRows(b))),
  );

const withError = (size: Size) =>
  distanceCase(
    `FID of ${size.pictures} pictures, ${FEATURES} features, with its standard error (theirs: without)`,
    size,
    async (generated, reference) => {
      const metric = fidMetric('fid', { dimensions: FEATURES } as FeatureExtractor);
      return (await metric.score({ generated, reference, paired: true })).value;
    },
  );

export const fid: readonly BenchCase[] = [
  alone({ pictures: 1000 }),
  withError({ pictures: 1000 }),
  alone({ pictures: 10_000, rounds: 3 }),
  withError({ pictures: 10_000, rounds: 3 }),
  withError({ pictures: 50_000, rounds: 1, onlyByName: true }),
];
