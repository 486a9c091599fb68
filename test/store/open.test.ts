import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resolveExperiment } from '../../harness/cli/resolve-experiment.ts';
import { UserError } from '../../harness/errors.ts';
import { migrations } from '../../harness/store/migrations.ts';
import { openDatabase } from '../../harness/store/open.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import { openStore } from '../../harness/store/store.ts';
import { exampleCell, exampleExperiment, temporaryFolder, temporaryStore } from './example.ts';

function open(path: string): Database.Database {
  const db = openDatabase(path);
  onTestFinished(() => void db.close());
  return db;
}

describe('opening a results folder', () => {
  it('uses write-ahead logging, waits for other writers, checks foreign keys and syncs each transaction', () => {
    const { db } = temporaryStore();
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('busy_timeout', { simple: true })).toBe(10_000);
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
  });

  it('brings an empty file to the latest schema, once', () => {
    const path = join(temporaryFolder(), 'new.sqlite');
    expect(open(path).pragma('user_version', { simple: true })).toBe(migrations.length);
    expect(() => open(path)).not.toThrow();
  });

  it('brings a file of the first schema to the latest with everything in it', () => {
    const path = join(temporaryFolder(), 'old.sqlite');
    const old = new Database(path);
    old.exec(migrations[0] as string);
    old.exec(`
      INSERT INTO experiments VALUES (1, 'old', 'old.yaml', '', '', '{}');
      INSERT INTO experiment_metrics VALUES (1, 0, 'psnr', 1, '{"range":255}');`);
    old.pragma('user_version = 1');
    old.close();
    const metrics = open(path).prepare('SELECT metric, level, protocol FROM experiment_metrics').all();
    expect(metrics).toEqual([{ metric: 'psnr', level: 'image', protocol: '{"range":255}' }]);
  });

  it('brings a file of the schema before solutions had hashes to the latest with everything in it', () => {
    const path = join(temporaryFolder(), 'old.sqlite');
    const old = new Database(path);
    for (const sql of migrations.slice(0, 2)) old.exec(sql as string);
    old.exec(`
      INSERT INTO experiments VALUES (1, 'old', 'old.yaml', '', '', '{}');
      INSERT INTO runs VALUES (1, 1, '2026', NULL, NULL, NULL, 0, NULL, '{}', 'here', '[]', '[]');
      INSERT INTO images VALUES ('images/a.png', 'a', 1, 1);
      INSERT INTO cells VALUES ('k', 'solver', 's', 1, '{}', 't', 1, '{}', NULL, NULL, NULL, 0, 'd', 'i', 'h', '[3,1,1]', 0,
        'done', NULL, 1, NULL, NULL);
      INSERT INTO solutions VALUES ('k', 1, 'images/a.png', 'images/a.png', 'images/a.png', 'tensors/k', 2.5, 3, '{"n":4}',
        'cpu', '["i"]', '2027');`);
    old.pragma('user_version = 2');
    old.close();
    const db = open(path);
    expect(db.prepare('SELECT * FROM solutions').all()).toEqual([
      {
        cell_key: 'k',
        run_id: 1,
        seconds: 2.5,
        steps: 3,
        counters: '{"n":4}',
        device: 'cpu',
        batch: '["i"]',
        finished: '2027',
      },
    ]);
    expect(db.prepare('SELECT * FROM artifacts').raw().all()).toEqual([
      ['k', 'given', 'picture', 'images/a.png', 'a'],
      ['k', 'result', 'array', 'tensors/k', null],
      ['k', 'result', 'picture', 'images/a.png', 'a'],
      ['k', 'truth', 'picture', 'images/a.png', 'a'],
    ]);
    expect(db.pragma('foreign_key_check')).toEqual([]);
  });

  it('refuses a file written by a newer version and leaves it alone', () => {
    const path = join(temporaryFolder(), 'newer.sqlite');
    const newer = new Database(path);
    newer.pragma(`user_version = ${migrations.length + 1}`);
    newer.close();
    expect(() => openDatabase(path)).toThrow(/written by a newer tweedie/);
    const again = new Database(path);
    expect(again.pragma('user_version', { simple: true })).toBe(migrations.length + 1);
    again.close();
  });

  it('says where results were looked for when there are none', () => {
    const dir = temporaryFolder();
    expect(() => openStore(dir, { create: false })).toThrow(UserError);
    expect(() => openStore(dir, { create: false })).toThrow(`no results in ${dir}`);
  });

  it('does not take a foreign file for results', () => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, 'tweedie.sqlite'), 'this is not a database, it is a text of some length');
    expect(() => openStore(dir, { create: false })).toThrow(
      `${dir}/tweedie.sqlite: the database is damaged (file is not a database); to make a new one of the stored files, ` +
        `with this one moved aside: tweedie rebuild EXPERIMENT.yaml --results ${dir}`,
    );
  });
});

describe('naming an experiment', () => {
  it('is not needed where there is only one', () => {
    const store = temporaryStore();
    registerExperiment(store, exampleExperiment([exampleCell({ key: 'a' })]));
    expect(resolveExperiment(store, undefined)).toBe('example');
  });

  it('is needed where there are several, and offers the nearest name', () => {
    const store = temporaryStore();
    expect(() => resolveExperiment(store, undefined)).toThrow(/no experiment yet/);
    registerExperiment(store, exampleExperiment([]));
    registerExperiment(store, exampleExperiment([], { name: 'other' }));
    expect(() => resolveExperiment(store, undefined)).toThrow(/one of example, other/);
    expect(() => resolveExperiment(store, 'exmaple')).toThrow(/did you mean "example"/);
  });
});
