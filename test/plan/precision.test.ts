import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metrics } from '../../harness/metrics/index.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import type { Registries } from '../../harness/plan/registries.ts';
import { fakes, folderWith, GOOD } from '../config/fakes.ts';

// The fake prior's pictures are smaller than SSIM's window, which is among the metrics by default.
const registries: Registries = {
  ...fakes,
  metrics: new Map(metrics.map((metric) => [metric.name, { ...metric, refuses: () => null }])),
};

function plan(text: string) {
  const folder = folderWith({ 'e.yaml': `${GOOD}${text}` });
  return loadPlan(join(folder, 'e.yaml'), registries, []);
}

const keysOf = async (text: string, kind: 'solver' | 'baseline') =>
  (await plan(text)).batches
    .filter(({ method }) => method.kind === kind)
    .flatMap(({ items }) => items.map((i) => i.cellKey));

describe('precision', () => {
  it('is part of what identifies a solver’s cells: float16 and TF32 are rows of their own', async () => {
    const keys = await Promise.all(
      ['', 'precision: float16', 'precision: tf32'].map((text) => keysOf(text, 'solver')),
    );
    expect(new Set(keys.flat()).size).toBe(9);
    expect(await keysOf('precision: float32', 'solver')).toEqual(keys[0]);
  });

  it('is none of the baselines’, which run in no step', async () => {
    expect(await keysOf('precision: float16', 'baseline')).toEqual(await keysOf('', 'baseline'));
  });

  it('reaches the workers', async () => {
    expect(await plan('precision: float16')).toMatchObject({ precision: 'float16' });
  });

  it('tf32 is refused beside metrics that ask a network, which it would change', async () => {
    await expect(plan('precision: tf32\nmetrics: [psnr, lpips-toy]')).rejects.toThrow(
      'e.yaml:9:17: metric lpips-toy asks a network, which precision: tf32 would compute in TF32 too',
    );
    await expect(plan('precision: float16\nmetrics: [psnr, lpips-toy]')).resolves.toBeDefined();
  });
});
