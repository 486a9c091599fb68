import { type AnyMetric, isOfImages } from '../metrics/kinds.ts';
import type { ImageMetric } from '../metrics/metric.ts';
import type { Image8 } from '../pictures/image8.ts';
import { expect } from './check.ts';
import type { PartCheck } from './part-check.ts';

const SIZE = 64;

/** What every metric must do that is plain arithmetic of pictures or labels; of others only their definition is checked. */
export const ofMetrics: readonly PartCheck<AnyMetric>[] = [
  {
    name: 'gives a number, the same each time, and leaves the pictures as they are',
    run: (metric) =>
      each(metric, ({ score }, truth, worse) => {
        const before = Uint8Array.from(worse.data);
        const [value, again] = [score(worse, truth), score(worse, truth)];
        expect(typeof value === 'number' && !Number.isNaN(value), `score: found ${value}, expected a number`);
        expect(value === again, `score: gave ${value}, then ${again} for the same pictures`);
        expect(
          worse.data.every((byte, i) => byte === before[i]),
          'score: has changed the picture',
        );
      }),
  },
  {
    name: 'finds a picture better than a damaged one, in the direction that it says',
    run: (metric) =>
      each(metric, ({ score, better }, truth, worse) => {
        const [same, damaged] = [score(truth, truth), score(worse, truth)];
        const right = better === 'higher' ? same > damaged : same < damaged;
        expect(right, `better: ${better}, but the truth itself has ${same} and a damaged picture ${damaged}`);
      }),
  },
];

function each(metric: AnyMetric, look: (metric: ImageMetric, truth: Image8, worse: Image8) => void): void {
  if (!isOfImages(metric) || metric.by !== 'arithmetic') return;
  const channels = metric.of === 'labels' ? 1 : 3;
  const kinds = metric.of === 'labels' ? 3 : 256;
  const made = (shift: (i: number) => number): Image8 => {
    const data = Uint8Array.from({ length: SIZE * SIZE * channels }, (_, i) => (i * 7 + shift(i)) % kinds);
    return { width: SIZE, height: SIZE, channels, data };
  };
  look(
    metric,
    made(() => 0),
    made((i) => (i % 5 === 0 ? 1 : 0)),
  );
}
