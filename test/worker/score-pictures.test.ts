import { describe, expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import type { CaptionMetric } from '../../harness/metrics/network-metric.ts';
import { OpenMetrics } from '../../harness/scoring/open-metrics.ts';
import { writeImage } from '../../harness/worker/files.ts';
import { scorePictures } from '../../harness/worker/score-pictures.ts';
import { temporaryFolder } from '../store/example.ts';

describe('a metric that compares pictures with their captions', () => {
  const asked: string[] = [];
  const metric: CaptionMetric = {
    name: 'agreement',
    version: 1,
    of: 'picture',
    against: 'caption',
    level: 'image',
    by: 'network',
    better: 'higher',
    digits: 1,
    weights: [],
    protocol: () => ({ counts: 'letters' }),
    open: async () => ({
      scores: async (_restored, captions) => {
        asked.push(...captions);
        return captions.map(({ length }) => length);
      },
      dispose: () => {},
    }),
  };

  async function scores() {
    const resultsDir = temporaryFolder();
    const { path } = await writeImage(resultsDir, {
      width: 2,
      height: 1,
      channels: 3,
      data: new Uint8Array(6),
    });
    const wanted = [{ metric: 'agreement', version: 1, protocol: { counts: 'letters' } }];
    const cells = ['test/00003', 'test/00000'].map((item) => ({
      cellKey: item,
      restored: path,
      truth: path,
      array: null,
      dataset: 'toyfaces',
      item,
      metrics: wanted,
    }));
    const networks = new OpenMetrics(() => Promise.resolve({} as never));
    const known = { ...registries, metrics: new Map([[metric.name, metric]]) };
    const parts = { known, networks, resultsDir };
    const outcomes = [];
    for await (const outcome of scorePictures({ of: 'cells', cells }, parts)) outcomes.push(outcome);
    return outcomes;
  }

  it("is given those of the data set's pictures", async () => {
    const [third, first] = [await toyfaces.caption!('test/00003'), await toyfaces.caption!('test/00000')];
    const outcomes = await scores();
    expect(asked).toEqual([third, first]);
    expect(outcomes).toMatchObject([
      { cellKey: 'test/00003', scores: [{ metric: 'agreement', value: third.length }] },
      { cellKey: 'test/00000', scores: [{ metric: 'agreement', value: first.length }] },
    ]);
  });
});
