import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256 } from '../../harness/identity/canonical.ts';
import { type CellIdentity, jsonHash } from '../../harness/identity/keys.ts';
import {
  type CellFacts,
  cellOf,
  readRecord,
  recordFiles,
  writeRecord,
} from '../../harness/store/record-file.ts';
import type { CellRecord } from '../../harness/store/records.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import { startRun } from '../../harness/store/writes.ts';
import { exampleCell, exampleExperiment, exampleRun, exampleSolution, temporaryStore } from './example.ts';

const identity: CellIdentity = {
  kind: 'solver',
  solver: { name: 'p2l', version: 1, plugin: undefined, params: { steps: 50 } },
  task: { name: 'super-resolution', version: 1, plugin: undefined, params: { factor: 8 } },
  prior: { name: 'embedded', version: 1, plugin: undefined, params: {}, weights: 'w1' },
  data: 'toyfaces',
  item: { id: 'test/0', sha256: 'i0' },
  seed: 0,
  precision: 'float32',
  random: 'philox',
};
const cell: CellRecord = exampleCell({ key: jsonHash(identity) });
const solution = exampleSolution(cell);

const facts: CellFacts = {
  identity,
  taskKind: 'restore',
  dataset: 'toyfaces',
  imageShape: [3, 64, 64],
  toy: true,
  titles: { method: 'P2L', setting: 'Super-resolution' },
};

/** The file of one recorded cell. */
function recorded(said = solution): string {
  const store = temporaryStore();
  registerExperiment(store, exampleExperiment([cell]));
  const run = startRun(store, 'example', exampleRun);
  writeRecord(store, run, facts, said, new Date().toISOString());
  const files = recordFiles(store.dir);
  expect(files).toEqual([join(store.dir, 'records', cell.key.slice(0, 2), `${cell.key}.json`)]);
  return files[0]!;
}

describe('the record of a solved cell', () => {
  it('holds the infinite PSNR of equal pictures', () => {
    const [first, ...others] = solution.scores;
    const scores = [{ ...first!, value: Number.POSITIVE_INFINITY }, ...others];
    expect(readRecord(recorded({ ...solution, scores })).solution.scores).toEqual(scores);
  });

  it('has all that the database has of it', () => {
    const record = readRecord(recorded());
    expect(cellOf(record)).toEqual(cell);
    expect(record.solution).toEqual(solution);
    expect(record.run).toEqual(exampleRun);
    expect(record.experiment).toEqual({ name: 'example', configFile: 'example.yaml' });
  });

  it.each([
    ['cut', (text: string) => text.slice(0, 200)],
    ['with another number', (text: string) => text.replace('"value":20', '"value":21')],
    ['of another format', (text: string) => text.replace('"format":2', '"format":3')],
    ['empty', () => ''],
  ])('is refused %s', (_, change) => {
    const file = recorded();
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    expect(() => readRecord(file)).toThrow(`${file}: not a whole record of a cell`);
  });
});

it('a record of the first format, which has no roles and no titles, gives the same cell', () => {
  const file = recorded();
  const { titles: _, ...record } = readRecord(file);
  const { artifacts: __, ...rest } = solution;
  const picture = (name: string) => ({ path: `images/${name}.png`, sha256: name, width: 64, height: 64 });
  const old = {
    ...record,
    format: 1,
    solution: {
      ...rest,
      restored: picture(`restored-${cell.key}`),
      truth: picture('truth-test/0'),
      measurement: picture('measurement-test/0'),
      tensor: `tensors/${cell.key}.safetensors`,
      tensorSha256: `tensor-${cell.key}`,
    },
  };
  const content = canonicalJson(old);
  writeFileSync(file, `{"sha256":"${sha256(content)}","record":${content}}\n`);
  const read = readRecord(file);
  expect(read.solution).toEqual(solution);
  expect(cellOf(read)).toMatchObject({ key: cell.key, method: { key: cell.method.key, title: 'p2l' } });
});
