import { join } from 'node:path';
import { methodRef, settingRef } from '../../../harness/identity/keys.ts';
import type { Batch } from '../../../harness/identity/refs.ts';
import type { Plan } from '../../../harness/plan/plan.ts';
import type { Slice } from '../../../harness/scheduler/slurm/slices.ts';
import { Submission } from '../../../harness/scheduler/slurm/submission.ts';
import type { SolutionRecord } from '../../../harness/store/records.ts';
import { registerExperiment } from '../../../harness/store/register.ts';
import type { Store } from '../../../harness/store/store.ts';
import { NOTHING_ASKED } from '../../plan/resources.ts';
import { exampleMethod, exampleSetting, psnr } from '../../store/example.ts';

const method = methodRef(exampleMethod);
const setting = settingRef(exampleSetting);

/** A batch of made-up cells. */
export function batchOf(cellKeys: readonly string[]): Batch {
  return {
    key: cellKeys.join('+'),
    method,
    setting,
    rng: 'philox',
    precision: 'float32',
    passes: 50,
    items: cellKeys.map((cellKey) => ({
      id: `test/${cellKey}`,
      sha256: `pixels of ${cellKey}`,
      seed: 0,
      cellKey,
    })),
  };
}

/** What solving a cell gives, whoever does it. */
export function solutionOf(cellKey: string): SolutionRecord {
  return {
    cellKey,
    artifacts: [
      { role: 'result', media: 'picture', path: `images/${cellKey}.png`, sha256: `sha of ${cellKey}` },
    ],
    seconds: 2,
    steps: 50,
    counters: { unetForward: 100 },
    device: 'cpu',
    batch: [cellKey],
    scores: [{ metric: 'psnr', version: 1, protocol: { range: 255 }, value: psnrOf(cellKey) }],
  };
}

/** One in seven is infinite, as the PSNR of equal pictures is. */
export function psnrOf(cellKey: string): number {
  const number = Number.parseInt(cellKey.slice(1), 10);
  return number % 7 === 0 ? Number.POSITIVE_INFINITY : 20 + number / 1000;
}

/** Slices of `batches` batches of `images` cells each; the keys are c0, c1, ... */
export function slicesOfCells(slices: number, batches: number, images: number): Slice[] {
  let next = 0;
  const batch = () => batchOf(Array.from({ length: images }, () => `c${next++}`));
  return Array.from({ length: slices }, () => ({
    group: 0,
    batches: Array.from({ length: batches }, batch).map((one) => ({
      batch: one,
      wanted: one.items.map(({ cellKey }) => cellKey),
    })),
  }));
}

/** Enters an experiment of these slices' cells, and submits it. @param name of the submission's folder */
export function submissionOf(store: Store, slices: readonly Slice[], name = 'first'): Submission {
  const batches = slices.flatMap((slice) => slice.batches.map(({ batch }) => batch));
  registerExperiment(store, {
    name: 'example',
    configFile: 'example.yaml',
    configText: 'name: example',
    report: { baseline: null, charts: [] },
    metrics: [psnr],
    cells: batches.flatMap(({ items }) =>
      items.map(({ cellKey: key, id: item, sha256: itemSha256 }) => ({
        ...{ key, method, setting, item, itemSha256 },
        ...{ seed: 0, rng: 'philox' as const, precision: 'float32' as const },
      })),
    ),
    skipped: [],
  });
  const spec = {
    format: 2,
    program: '1.0.0',
    experiment: 'example',
    version: 'example@1',
    submitted: '2026-11-28T00:00:00.000Z',
    argv: ['run', 'example.yaml'],
    lease: { precision: 'float32', plugins: [] },
    metrics: [],
    limits: { batchSeconds: null, stallSeconds: null },
    groups: [{ resources: NOTHING_ASKED, device: 'cpu' }],
    parallel: null,
  } as const;
  return Submission.create(join(store.dir, 'slurm', name), spec, {} as Plan, slices);
}
