import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type MethodFacts, methodRef, type SettingFacts, settingRef } from '../../harness/identity/keys.ts';
import type {
  ArtifactRole,
  CellRecord,
  ExperimentRecord,
  RunRecord,
  SolutionRecord,
} from '../../harness/store/records.ts';
import { closeStore, openStore, type Store } from '../../harness/store/store.ts';

/** A folder of its own for one test. */
export function temporaryFolder(parent = tmpdir()): string {
  const dir = mkdtempSync(join(parent, 'tweedie-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function temporaryStore(dir = temporaryFolder()): Store {
  const store = openStore(dir, { create: true });
  onTestFinished(() => closeStore(store));
  return store;
}

export const exampleMethod: MethodFacts = {
  kind: 'solver',
  name: 'p2l',
  title: 'P2L',
  version: 1,
  params: { steps: 50 },
  prior: { name: 'embedded', version: 1, params: {}, weightsSha256: 'w1', toy: true },
};

export const exampleSetting: SettingFacts = {
  kind: 'restore',
  task: 'super-resolution',
  title: 'Super-resolution',
  version: 1,
  params: { factor: 8 },
  data: { kind: 'set', name: 'toyfaces' },
  imageShape: [3, 64, 64],
};

type CellFacts = Omit<CellRecord, 'method' | 'setting'> & {
  readonly method: Partial<MethodFacts>;
  readonly setting: Partial<SettingFacts>;
};

export function exampleCell({ method, setting, ...rest }: Partial<CellFacts> & { key: string }): CellRecord {
  return {
    method: methodRef({ ...exampleMethod, ...method }),
    setting: settingRef({ ...exampleSetting, ...setting }),
    item: 'test/0',
    itemSha256: 'i0',
    seed: 0,
    rng: 'philox',
    precision: 'float32',
    ...rest,
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
    skipped: [],
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
  const picture = (role: ArtifactRole, name: string) =>
    ({ role, media: 'picture', path: `images/${name}.png`, sha256: name }) as const;
  return {
    cellKey: cell.key,
    artifacts: [
      picture('result', `restored-${cell.key}`),
      picture('truth', `truth-${cell.item}`),
      picture('given', `measurement-${cell.item}`),
      { role: 'result', media: 'array', path: tensorOf(cell), sha256: `tensor-${cell.key}` },
    ],
    seconds: 2,
    steps: 50,
    counters: { unetForward: 100 },
    device: 'cpu',
    batch: [cell.key],
    scores: [{ metric: 'psnr', version: 1, protocol: { range: 255 }, value: 20 }],
    ...overrides,
  };
}

function tensorOf({ key }: CellRecord): string {
  return `tensors/${key}.safetensors`;
}
