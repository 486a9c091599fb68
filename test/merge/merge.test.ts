import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { missingSetScores, type SetComparisonPlan, setRows } from '../../harness/store/configurations.ts';
import { experimentStatus, failureRows, metricRows } from '../../harness/store/queries.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import { provenance } from '../../harness/store/runs.ts';
import { closeStore, type Store } from '../../harness/store/store.ts';
import { tracePath } from '../../harness/store/trace-file.ts';
import { versionsOf } from '../../harness/store/versions.ts';
import { endRun, saveFailure, saveScores, saveSetScore } from '../../harness/store/writes.ts';
import { writeFileAside } from '../../harness/write-file.ts';
import { exampleCell, exampleExperiment, psnr, temporaryFolder, temporaryStore } from '../store/example.ts';
import { filesIn, mergeOf, runOn, solve } from './folders.ts';

const cells = ['aa', 'bb', 'cc', 'dd'].map((key, i) => exampleCell({ key, item: `test/${i}` }));
const [a, b, c, d] = cells as [(typeof cells)[0], (typeof cells)[0], (typeof cells)[0], (typeof cells)[0]];

/** Here two cells are solved, there three, one of which both have. */
function two(): { here: Store; there: Store } {
  const [here, there] = [temporaryStore(), temporaryStore()];
  for (const store of [here, there]) registerExperiment(store, exampleExperiment(cells));
  const [local, remote] = [runOn(here, 'here'), runOn(there, 'there')];
  solve(here, local, a, 'picture a');
  solve(here, local, b, 'picture b');
  solve(there, remote, b, 'picture b');
  solve(there, remote, c, 'picture c');
  solve(there, remote, d, 'picture d');
  endRun(there, remote, 'finished');
  return { here, there };
}

it('takes the results that are lacking, with their files, numbers and runs', () => {
  const { here, there } = two();
  expect(mergeOf(here, there.dir)).toMatchObject({ taken: 2, common: 1, conflicts: [], leftOut: [] });
  expect(experimentStatus(here, 'example')).toMatchObject({ total: 4, done: 4, todo: 0 });
  expect([...metricRows(here, 'example')]).toHaveLength(4);
  expect(provenance(here, 'example').runs.map(({ host, outcome }) => [host, outcome])).toEqual([
    ['here', null],
    ['there', 'finished'],
  ]);
  const names = (dir: string) => [...filesIn(dir).keys()].map((file) => file.slice(dir.length));
  expect(names(here.dir)).toEqual(expect.arrayContaining(names(there.dir)));
});

it('changes nothing the second time, and writes nothing in the other folder', () => {
  const { here, there } = two();
  closeStore(there);
  const before = filesIn(there.dir);
  mergeOf(here, there.dir);
  const rows = () => JSON.stringify(tables(here));
  const once = rows();
  expect(mergeOf(here, there.dir)).toMatchObject({ taken: 0, common: 3, conflicts: [], files: 0 });
  expect(rows()).toBe(once);
  expect(filesIn(there.dir)).toEqual(before);
});

/** Every row of every table. */
function tables({ db }: Store): unknown[] {
  const names = db
    .prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all();
  return names.map((name) => db.prepare(`SELECT * FROM main.${name} ORDER BY 1, 2`).all());
}

it('goes on where it was killed', () => {
  const { here, there } = two();
  expect(() =>
    mergeOf(here, there.dir, () => {
      throw new Error('killed');
    }),
  ).toThrow('killed');
  expect(experimentStatus(here, 'example')).toMatchObject({ done: 2, todo: 2 });
  mergeOf(here, there.dir);
  const alone = two();
  mergeOf(alone.here, alone.there.dir);
  expect([...metricRows(here, 'example')]).toEqual([...metricRows(alone.here, 'example')]);
  expect(versionsOf(here, 'example')).toEqual(versionsOf(alone.here, 'example'));
  expect(provenance(here, 'example').runs).toHaveLength(2);
});

it('lists results that are others there, and leaves those here as they are', () => {
  const { here, there } = two();
  const scores = [{ metric: 'psnr', version: 1, protocol: { range: 255 }, value: 21 }];
  const extra = [{ metric: 'ssim', version: 1, protocol: { range: 255 }, value: 0.5 }];
  solve(there, runOn(there, 'gpu'), a, 'another a', [...scores, ...extra]);
  const first = mergeOf(here, there.dir);
  expect(first.taken).toBe(2);
  expect(first.conflicts).toMatchObject([
    {
      cell: 'aa',
      solver: 'p2l',
      item: 'test/0',
      differs: [{ what: 'result picture' }, { what: 'result array' }, { what: 'psnr', here: 20, there: 21 }],
      here: { host: 'here', device: 'cpu', versions: { node: '20' } },
      there: { host: 'gpu' },
    },
  ]);
  expect(mergeOf(here, there.dir).conflicts).toEqual(first.conflicts);
  expect([...metricRows(here, 'example')].map(({ value }) => value)).toEqual([20, 20, 20, 20]);
  // A number of another picture is none of this one.
  expect(here.db.prepare("SELECT count(*) FROM scores WHERE metric = 'ssim'").pluck().get()).toBe(0);
});

it('takes numbers that equal results lack', () => {
  const { here, there } = two();
  saveScores(there, 'bb', [{ metric: 'ssim', version: 1, protocol: { range: 255 }, value: 0.5 }]);
  expect(mergeOf(here, there.dir)).toMatchObject({ scores: 1 });
});

const fid = { name: 'fid-toy', version: 1, level: 'set', protocol: { backbone: 'toy' } } as const;

/** Scores the set of all cells there. */
function scoreSet(store: Store, value: number): void {
  const [{ key, metric }] = missingSetScores(store, 'example') as [SetComparisonPlan];
  const { name, version, protocol } = metric;
  const rest = { value, standardError: null, replicates: [], warnings: [] };
  saveSetScore(store, { key, metric: name, version, protocol, ...rest });
}

/** There the whole set is solved and scored, here one cell of it is solved. */
function twoOfSets(a0: string): { here: Store; there: Store } {
  const [here, there] = [temporaryStore(), temporaryStore()];
  for (const store of [here, there])
    registerExperiment(store, exampleExperiment([a, b], { metrics: [psnr, fid] }));
  const remote = runOn(there, 'there');
  solve(here, runOn(here, 'here'), a, a0);
  solve(there, remote, a, 'picture a');
  solve(there, remote, b, 'picture b');
  scoreSet(there, 12);
  return { here, there };
}

it('takes the number of a whole set where all its results are equal', () => {
  const { here, there } = twoOfSets('picture a');
  expect(mergeOf(here, there.dir)).toMatchObject({ setScores: 1, setConflicts: [] });
  expect(setRows(here, 'example').map(({ value }) => value)).toEqual([12]);
});

it('leaves the number of a set in which a result is another one here', () => {
  const { here, there } = twoOfSets('another a');
  expect(mergeOf(here, there.dir)).toMatchObject({ taken: 1, setScores: 0, conflicts: [{ cell: 'aa' }] });
  expect(setRows(here, 'example')).toEqual([]);
});

it('lists numbers of sets that are others there', () => {
  const { here, there } = twoOfSets('picture a');
  solve(here, runOn(here, 'here'), b, 'picture b');
  scoreSet(here, 12.5);
  expect(mergeOf(here, there.dir).setConflicts).toMatchObject([{ metric: 'fid-toy', here: 12.5, there: 12 }]);
  expect(setRows(here, 'example').map(({ value }) => value)).toEqual([12.5]);
});

it('lets a result replace a failure, never a failure a result', () => {
  const { here, there } = two();
  const failure = { kind: 'oom', message: 'too large', logTail: 'last line' } as const;
  saveFailure(here, { ...failure, cellKey: 'cc' });
  saveFailure(there, { ...failure, cellKey: 'aa' });
  expect(mergeOf(here, there.dir)).toMatchObject({ taken: 2, failures: 0 });
  expect(experimentStatus(here, 'example')).toMatchObject({ done: 4, failed: 0 });
});

it('takes a failure of a cell that is to do, with its log and its trace', () => {
  const [here, there] = [temporaryStore(), temporaryStore()];
  for (const store of [here, there]) registerExperiment(store, exampleExperiment([a]));
  saveFailure(there, { cellKey: 'aa', kind: 'nan', message: 'not finite', logTail: 'step 3' });
  writeFileAside(join(there.dir, tracePath('aa')), '{}');
  expect(mergeOf(here, there.dir).failures).toBe(1);
  expect(failureRows(here, 'example')).toMatchObject([{ kind: 'nan', logTail: 'step 3', attempts: 1 }]);
  expect(existsSync(join(here.dir, tracePath('aa')))).toBe(true);
});

it('makes plans that differ versions, and the name means what it meant here', () => {
  const [here, there] = [temporaryStore(), temporaryStore()];
  registerExperiment(here, exampleExperiment([a, b], { configText: 'here' }));
  for (const plan of [[a], [b, c]])
    registerExperiment(there, exampleExperiment(plan, { configText: `there ${plan.length}` }));
  registerExperiment(there, exampleExperiment([a, b], { configText: 'there, with comments' }));
  registerExperiment(there, exampleExperiment([d], { name: 'another' }));
  solve(there, runOn(there, 'there'), c, 'picture c');
  const { versions } = mergeOf(here, there.dir);
  expect(versions.map(({ there, here, isNew }) => `${there} ${here} ${isNew}`).sort()).toEqual([
    'another@1 another@1 true',
    'example@1 example@2 true',
    'example@2 example@3 true',
    'example@3 example@1 false',
  ]);
  expect(versionsOf(here, 'example').map(({ cells, done, isLast }) => ({ cells, done, isLast }))).toEqual([
    { cells: 2, done: 0, isLast: true },
    { cells: 1, done: 0, isLast: false },
    { cells: 2, done: 1, isLast: false },
  ]);
  expect(provenance(here, 'example').configText).toBe('here');
  expect(provenance(here, 'example@3').configText).toBe('there 2');
});

it('in a new folder a name means what it means there', () => {
  const [here, there] = [temporaryStore(), temporaryStore()];
  for (const plan of [[a], [b, c]]) registerExperiment(there, exampleExperiment(plan));
  registerExperiment(there, exampleExperiment([a]));
  mergeOf(here, there.dir);
  const known = (store: Store) => versionsOf(store, 'example').map(({ ref, isLast }) => `${ref} ${isLast}`);
  expect(known(here)).toEqual(['example@1 true', 'example@2 false']);
  expect(known(here)).toEqual(known(there));
});

it('leaves out results whose files are damaged or missing there, and takes them once they are made again', () => {
  const { here, there } = two();
  const [picture] = there.db
    .prepare("SELECT path FROM artifacts WHERE cell_key = 'cc' AND role = 'result' ORDER BY media DESC")
    .pluck()
    .all() as [string];
  writeFileSync(join(there.dir, picture), 'damaged');
  rmSync(join(there.dir, 'tensors/dd/dd.safetensors'));
  const { leftOut, taken } = mergeOf(here, there.dir);
  expect(taken).toBe(0);
  expect(leftOut).toMatchObject([
    { cell: 'cc', why: expect.stringContaining('damaged there') },
    { cell: 'dd', why: expect.stringContaining('missing there') },
  ]);
  expect(experimentStatus(here, 'example')).toMatchObject({ done: 2, todo: 2 });
  writeFileSync(join(there.dir, picture), 'picture c');
  writeFileSync(join(there.dir, 'tensors/dd/dd.safetensors'), 'array of picture d');
  expect(mergeOf(here, there.dir)).toMatchObject({ taken: 2, leftOut: [] });
});

it('reads no file that lies outside of the other folder', () => {
  const { here, there } = two();
  there.db.exec(
    "UPDATE artifacts SET path = '../../secret', sha256 = NULL WHERE cell_key = 'cc' AND media = 'array'",
  );
  expect(mergeOf(here, there.dir).leftOut).toMatchObject([
    { cell: 'cc', why: expect.stringContaining('no place') },
  ]);
});

it('reads a database that a run has open, whose log is not written back', () => {
  const { here, there } = two();
  expect(existsSync(join(there.dir, 'tweedie.sqlite-wal'))).toBe(true);
  expect(mergeOf(here, there.dir).taken).toBe(2);
});

it('reads a folder on a read-only mount', ({ skip }) => {
  const { here, there } = two();
  try {
    execFileSync('mount', ['--bind', there.dir, there.dir], { stdio: 'ignore' });
  } catch {
    skip('this user may not mount');
  }
  onTestFinished(() => void execFileSync('umount', ['-l', there.dir]));
  execFileSync('mount', ['-o', 'remount,ro,bind', there.dir]);
  expect(mergeOf(here, there.dir).taken).toBe(2);
});

it('brings a database of an earlier schema up to date in a copy', () => {
  const fixture = fileURLToPath(new URL('../fixtures/store/schema-2', import.meta.url));
  const [here, there] = [temporaryStore(), temporaryFolder()];
  copyFileSync(join(fixture, 'tweedie.sqlite'), join(there, 'tweedie.sqlite'));
  const before = readFileSync(join(there, 'tweedie.sqlite'));
  // Its pictures are not part of the fixture.
  const { taken, leftOut, versions } = mergeOf(here, there);
  expect({ taken, leftOut: leftOut.length }).toEqual({ taken: 0, leftOut: 8 });
  expect(versions).toEqual([{ there: 'old@1', here: 'old@1', isNew: true }]);
  expect(readFileSync(join(there, 'tweedie.sqlite')).equals(before)).toBe(true);
});

it('refuses the folder itself, one without results, and a damaged or newer database', () => {
  const { here, there } = two();
  const link = join(temporaryFolder(), 'link');
  symlinkSync(here.dir, link);
  expect(() => mergeOf(here, here.dir)).toThrow('these are the results themselves');
  expect(() => mergeOf(here, link)).toThrow('these are the results themselves');
  expect(() => mergeOf(here, temporaryFolder())).toThrow('no results in');
  expect(() => mergeOf(here, join(here.dir, 'nothing'))).toThrow(/nothing: no such folder of results$/);
  expect(() => mergeOf(here, `${there.dir}s`)).toThrow(`; did you mean "${basename(there.dir)}"?`);
  expect(() => mergeOf(here, join(there.dir, 'tweedie.sqlite'))).toThrow(
    'expected the folder of the results, found a file',
  );
  closeStore(there);
  const database = join(there.dir, 'tweedie.sqlite');
  const whole = readFileSync(database);
  const db = new Database(database);
  db.pragma('user_version = 99');
  db.close();
  expect(() => mergeOf(here, there.dir)).toThrow(`${database}: written by a newer tweedie`);
  writeFileSync(database, Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(whole.length - 4096, 7)]));
  expect(() => mergeOf(here, there.dir)).toThrow(/the database is damaged.*tweedie rebuild/);
});
