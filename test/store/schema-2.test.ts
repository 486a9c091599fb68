/** A results folder's database as version 1726373 left it: two baselines and one solver on two tasks, two pictures. */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { solvingKey } from '../../harness/identity/keys.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import { cellKeys } from '../../harness/plan/plan.ts';
import { workToDo } from '../../harness/scheduler/run-plan.ts';
import { setRows } from '../../harness/store/configurations.ts';
import { readNamed } from '../../harness/store/methods.ts';
import {
  experimentStatus,
  imageRows,
  metricRows,
  missingScores,
  statesOf,
} from '../../harness/store/queries.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import { provenance } from '../../harness/store/runs.ts';
import type { Store } from '../../harness/store/store.ts';
import { versionsOf } from '../../harness/store/versions.ts';
import { exampleCell, exampleExperiment, temporaryFolder, temporaryStore } from './example.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/store/schema-2', import.meta.url));

function opened(): Store {
  const dir = temporaryFolder();
  copyFileSync(join(FIXTURE, 'tweedie.sqlite'), join(dir, 'tweedie.sqlite'));
  return temporaryStore(dir);
}

it('has every cell, done, and every number as it was exported then', () => {
  const store = opened();
  expect(experimentStatus(store, 'old')).toMatchObject({ total: 8, done: 8, todo: 0 });
  const { methods, settings } = readNamed(store);
  const rows = [...metricRows(store, 'old'), ...setRows(store, 'old')].map(({ method, setting, ...row }) => {
    const { name: solver, params } = methods.get(method)!;
    const { task, params: taskParams, dataset } = settings.get(setting)!;
    return { solver, params, task, taskParams, dataset, ...row };
  });
  expect(rows).toEqual(JSON.parse(readFileSync(join(FIXTURE, 'export.json'), 'utf8')));
  expect(missingScores(store, 'old')).toEqual([]);
});

it('is version 1 of its experiment, of which the file is kept as text', () => {
  const store = opened();
  expect(versionsOf(store, 'old')).toMatchObject([
    { version: 1, ref: 'old@1', isLast: true, cells: 8, done: 8, config: null },
  ]);
  expect([...metricRows(store, 'old@1')]).toEqual([...metricRows(store, 'old')]);
});

it('has its pictures and its provenance', () => {
  const store = opened();
  const roles = imageRows(store, 'old', 8).map(({ role }) => role);
  expect(roles.filter((role) => role === 'truth')).toHaveLength(4);
  expect(roles.filter((role) => role === 'result')).toHaveLength(8);
  expect(provenance(store, 'old')).toMatchObject({
    priors: [{ name: 'embedded', toy: true }],
    runs: [{ commit: '1726373' }],
  });
  expect(store.db.pragma('foreign_key_check')).toEqual([]);
  expect(store.db.pragma('integrity_check', { simple: true })).toBe('ok');
});

it('tells by their keys what no column held: precision, random numbers, that nothing is of a plug-in', () => {
  const store = opened();
  expect(store.db.prepare('SELECT DISTINCT precision, rng FROM cells').raw().all()).toEqual([
    ['float32', 'philox'],
  ]);
  expect(
    [...readNamed(store).methods.values()].map(({ name, sourceSha256 }) => [name, sourceSha256]).sort(),
  ).toEqual([
    ['bicubic', undefined],
    ['ldps', undefined],
    ['measurement', undefined],
  ]);
});

it('leaves to do what has a new version since, and nothing else', async () => {
  const store = opened();
  const plan = await loadPlan(join(FIXTURE, 'old.yaml'), registries);
  const todo = workToDo(plan, statesOf(store, cellKeys(plan)));
  expect(todo.map(({ batch: { method } }) => [method.name, method.version])).toEqual([
    ['ldps', 2],
    ['ldps', 2],
  ]);
});

it('says of a plug-in that it is not known which, until a plan has the cell', () => {
  const dir = temporaryFolder();
  const file = join(dir, 'tweedie.sqlite');
  copyFileSync(join(FIXTURE, 'tweedie.sqlite'), file);
  const { key: _, ...facts } = exampleCell({
    key: '',
    method: { name: 'mine', sourceSha256: '12'.repeat(32) },
  });
  const key = solvingKey(facts, { id: facts.item, sha256: facts.itemSha256, seed: facts.seed });
  const old = new Database(file);
  old
    .prepare(`
    INSERT INTO cells VALUES (?, 'solver', 'mine', 1, '{"steps":50}', 'super-resolution', 1, '{"factor":8}', 'embedded',
      '{}', 'w1', 1, 'toyfaces', 'test/0', 'i0', '[3,64,64]', 0, 'todo', NULL, 0, NULL, NULL)`)
    .run(key);
  old.close();

  const store = temporaryStore(dir);
  const sourceOf = () => {
    const method = store.db.prepare('SELECT method_key FROM cells WHERE key = ?').pluck().get(key) as string;
    return readNamed(store).methods.get(method)!.sourceSha256;
  };
  expect(sourceOf()).toBe('unknown');
  registerExperiment(store, exampleExperiment([{ key, ...facts }]));
  expect(sourceOf()).toBe('12'.repeat(32));
});
