import { describe, expect, it } from 'vitest';
import { methodRef, settingRef } from '../../harness/identity/keys.ts';
import type { Batch } from '../../harness/identity/refs.ts';
import {
  ASSUMED_SECONDS_PER_PASS,
  batchSeconds,
  costsFrom,
  estimateSeconds,
} from '../../harness/plan/estimate.ts';
import { exampleMethod, exampleSetting } from '../store/example.ts';

const prior = { ...exampleMethod.prior!, weightsSha256: 'w' };

const batch = (passes: number, images: number, side = 8): Batch => ({
  key: 'b',
  method: methodRef({ ...exampleMethod, prior }),
  setting: settingRef({ ...exampleSetting, imageShape: [3, side, side] }),
  rng: 'philox',
  precision: 'float32',
  passes,
  items: Array.from({ length: images }, (_, i) => ({ id: `${i}`, sha256: '', seed: 0, cellKey: `${i}` })),
});

const unknown = { secondsPerImage: () => null, startUpSeconds: () => null };
const measured = {
  secondsPerImage: ({ passes }: Pick<Batch, 'passes'>) => passes / 2,
  startUpSeconds: () => 7,
};

describe('the estimate', () => {
  it('uses measured speed where there is some, else the stated assumption', () => {
    expect(batchSeconds(batch(10, 4), measured)).toBe(20);
    expect(batchSeconds(batch(10, 4), unknown)).toBeCloseTo(40 * ASSUMED_SECONDS_PER_PASS);
  });

  it('says nothing of large pictures before one is done', () => {
    const large = batch(10, 4, 512);
    expect(batchSeconds(large, unknown)).toBeNull();
    expect(batchSeconds(large, measured)).toBe(20);
    expect(estimateSeconds([batch(10, 1), large], [{ device: 'cpu', slots: 1 }], unknown)).toBeNull();
  });

  describe('learns speed from results', () => {
    const ours = batch(30, 1);
    const cost = (
      method: Partial<typeof exampleMethod>,
      setting: Partial<typeof exampleSetting>,
      secondsPerImage: number,
      calls: Readonly<Record<string, number>> = { unetForward: 20 },
    ) => ({
      method: methodRef({ ...exampleMethod, prior, params: { steps: 7 }, ...method }),
      setting: settingRef({ ...exampleSetting, imageShape: [3, 8, 8], ...setting }),
      images: 4,
      secondsPerImage,
      calls,
    });
    const seconds = (...costs: Parameters<typeof costsFrom>[0]) => costsFrom(costs).secondsPerImage(ours);

    it('by the forward passes that were counted: same task, else same solver, else any solver', () => {
      const other = cost({ name: 'ldps' }, { task: 'x' }, 20);
      const solver = cost({}, { task: 'x' }, 40);
      const task = cost({}, {}, 60);
      expect(seconds(other)).toBe(30);
      expect(seconds(other, solver)).toBe(60);
      expect(seconds(other, solver, task)).toBe(90);
    });

    it('of the very method in the very setting as it was', () => {
      const same = cost({ params: exampleMethod.params }, {}, 11, {});
      expect(seconds(cost({}, {}, 60), same)).toBe(11);
    });

    it('but not from those at another size, with another prior, or without a network', () => {
      expect(seconds(cost({}, { imageShape: [3, 64, 64] }, 9))).toBeNull();
      expect(seconds(cost({ prior: { ...prior, weightsSha256: 'other' } }, {}, 9))).toBeNull();
      expect(seconds(cost({}, {}, 9, {}))).toBeNull();
    });
  });

  it('shares the batches among the workers, each taking the next when it is free', () => {
    const batches = [batch(10, 4), batch(10, 1), batch(10, 2)];
    expect(estimateSeconds(batches, [{ device: 'cpu', slots: 1 }], measured)).toBe(35 + 7);
    expect(estimateSeconds(batches, [{ device: 'cpu', slots: 2 }], measured)).toBe(20 + 7);
    expect(estimateSeconds([], [{ device: 'cpu', slots: 2 }], measured)).toBe(0);
  });

  it('takes the start-up from runs with the same prior: the least time that solving does not explain', () => {
    const run = (seconds: number, priorSha256: string) => ({
      estimatedSeconds: null,
      seconds,
      solvingSeconds: 20,
      workers: 2,
      priorSha256,
    });
    const costs = costsFrom([], [run(19, 'w'), run(14, 'w'), run(11, 'other')]);
    expect(costs.startUpSeconds('w')).toBe(4);
    expect(costs.startUpSeconds('unknown')).toBeNull();
  });
});
