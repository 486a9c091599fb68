import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registerExperiment } from '../../harness/store/register.ts';
import { provenance } from '../../harness/store/runs.ts';
import { readStored } from '../../harness/store/stored-file.ts';
import { startRun } from '../../harness/store/writes.ts';
import { exampleExperiment, exampleRun, temporaryFolder, temporaryStore } from './example.ts';

describe('a column that was changed', () => {
  it.each([
    ['experiments', 'report', '{}', 'which is not what is kept there'],
    ['experiments', 'report', '[1,2', 'which is not JSON'],
    ['runs', 'started', 'yesterday', 'which is no date'],
    ['runs', 'ended', 'late', 'which is no date'],
    ['runs', 'devices', '"cpu"', 'which is not what is kept there'],
    ['runs', 'versions', 'null', 'which is not what is kept there'],
  ])('%s.%s is named, with the remedy', (table, column, text, what) => {
    const store = temporaryStore();
    registerExperiment(store, exampleExperiment([]));
    startRun(store, 'example', exampleRun);
    store.db.prepare(`UPDATE ${table} SET ${column} = ?`).run(text);
    const said = `the results' database is damaged: ${table}.${column} holds ${JSON.stringify(text)}, ${what}`;
    expect(() => provenance(store, 'example')).toThrow(said);
    expect(() => provenance(store, 'example')).toThrow('tweedie rebuild EXPERIMENT.yaml');
  });
});

it('a chart that an earlier version stored, without a kind, is a sweep', () => {
  const store = temporaryStore();
  registerExperiment(store, exampleExperiment([]));
  const report = { baseline: null, charts: [{ x: 'p2l.promptSteps', y: ['psnr'] }] };
  store.db.prepare('UPDATE experiments SET report = ?').run(JSON.stringify(report));
  const [chart] = provenance(store, 'example').report.charts;
  expect(chart).toEqual({ kind: 'sweep', x: 'p2l.promptSteps', y: ['psnr'] });
});

describe('what stands in place of a stored file', () => {
  it.each(['folder', 'pipe', 'nothing', 'nul\0byte', 'x'.repeat(5000)])('is missing: %j', (path) => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, 'folder'));
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    expect(() => readStored(dir, path)).toThrow(`${path}: missing in ${dir}; tweedie run makes it again`);
  });
});
