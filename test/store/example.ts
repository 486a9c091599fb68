import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CellRecord, ExperimentRecord, RunRecord, SolutionRecord } from '../../harness/store/records.ts';
import { closeStore, openStore, type Store } from '../../harness/store/store.ts';

/** A folder of its own for one test. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function temporaryStore(dir = temporaryFolder()): Store {
  const store = openStore(dir, { create: true });
  onTestFinished(() => closeStore(store));
  return store;
}

export function exampleCell(overrides: Partial<CellRecord> & { key: string }): CellRecord {
  return {
    kind: 'solver',
    solver: 'p2l',
    solverVersion: 1,
    params: { steps: 50 },
    task: 'super-resolution',
    taskVersion: 1,
    taskParams: { factor: 8 },
    prior: { name: 'embedded', params: {}, weightsSha256: 'w1', toy: true },
    dataset: 'toyfaces',
    item: 'test/0',
    itemSha256: 'i0',
    imageShape: [3, 64, 64],
    seed: 0,
    ...overrides,
  };
}

export const psnr = { name: 'psnr', version: 1, level: 'image', protocol: { range: 255 } } as const;

export function exampleExperiment(
  cells: readonly CellRecord[],
  overrides: Partial<ExperimentRecord> = {},
): ExperimentRecord {
  return {
    name: 'example',
    configFile: 'example.yaml',
    configText: 'name: example',
    report: { baseline: null, charts: [] },
    metrics: [psnr],
    cells,
    ...overrides,
  };
}

export const exampleRun: RunRecord = {
  started: '2026-11-21T00:00:00.000Z',
  git: null,
  versions: { node: '20' },
  host: 'here',
  devices: ['cpu'],
  argv: ['run', 'example.yaml'],
};

/** A result whose picture is named after the cell; truth and measurement are named after the item. */
export function exampleSolution(cell: CellRecord, overrides: Partial<SolutionRecord> = {}): SolutionRecord {
  const image = (name: string) => ({ path: `images/${name}.png`, sha256: name, width: 64, height: 64 });
  return {
    cellKey: cell.key,
    restored: image(`restored-${cell.key}`),
    truth: image(`truth-${cell.item}`),
    measurement: image(`measurement-${cell.item}`),
    tensor: `tensors/${cell.key}.safetensors`,
    tensorSha256: `tensor-${cell.key}`,
    seconds: 2,
    steps: 50,
    counters: { unetForward: 100 },
    device: 'cpu',
    batch: [cell.item],
    scores: [{ metric: 'psnr', version: 1, protocol: { range: 255 }, value: 20 }],
    ...overrides,
  };
}
