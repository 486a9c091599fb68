import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Workplace } from './cli.ts';

// Each test starts the program several times, and each start loads the native libraries in several processes.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const small = { data: { set: 'toyfaces', split: 'test', count: 3 } };
const CELLS = 18;

const cleanUp: (() => void)[] = [];
const original = new Workplace((action) => cleanUp.push(action));
let rows: string;

beforeAll(async () => {
  original.experiment('one', small);
  expect(await original.run('run', 'one.yaml', '--no-report')).toMatchObject({ code: 0 });
  rows = await original.rows('one');
});
afterAll(() => {
  for (const action of cleanUp) action();
});

/** A copy of a solved experiment, to be damaged. */
function solved(): { place: Workplace; database: string } {
  const place = new Workplace();
  place.experiment('one', small);
  cpSync(original.results, place.results, { recursive: true });
  return { place, database: join(place.results, 'tweedie.sqlite') };
}

/** What a run computes; nothing but its JSON is on stdout. */
async function run(place: Workplace) {
  const { stdout, stderr } = await place.run('run', 'one.yaml', '--no-report', '--json');
  const { cached, solved, scored } = JSON.parse(stdout);
  return { cached, solved, scored, stderr };
}

/** Those that a report shows come first. */
function solutionsIn(
  database: string,
): { restored: string; truth: string; measurement: string; tensor: string }[] {
  const db = new Database(database, { readonly: true });
  try {
    return db
      .prepare(`
        SELECT r.path AS restored, t.path AS truth, g.path AS measurement, a.path AS tensor
        FROM cells c
        JOIN artifacts r ON r.cell_key = key AND r.role = 'result' AND r.media = 'picture'
        JOIN artifacts a ON a.cell_key = key AND a.role = 'result' AND a.media = 'array'
        JOIN artifacts t ON t.cell_key = key AND t.role = 'truth'
        JOIN artifacts g ON g.cell_key = key AND g.role = 'given' ORDER BY c.seed`)
      .all() as never;
  } finally {
    db.close();
  }
}

const damages: Record<string, (database: string) => void> = {
  cut: (database) => truncateSync(database, 5000),
  flipped: (database) => {
    const bytes = readFileSync(database);
    for (let i = 4096; i < bytes.length; i += 64) bytes[i]! ^= 0xff;
    writeFileSync(database, bytes);
  },
  'no SQLite': (database) => writeFileSync(database, 'this is not a database, it is a text of some length'),
  empty: (database) => truncateSync(database, 0),
};

describe('a database that is', () => {
  it.each(Object.entries(damages))(
    '%s is named with the remedy, and rebuilt without computing',
    async (_, damage) => {
      const { place, database } = solved();
      damage(database);
      const damaged = readFileSync(database);
      for (const args of [
        ['status'],
        ['report', 'one'],
        ['export', 'one'],
        ['plan', 'one.yaml'],
        ['run', 'one.yaml'],
      ]) {
        const { code, stderr } = await place.run(...args);
        expect([args, code, stderr.trim().split('\n').length]).toEqual([args, 2, 1]);
        expect(stderr).toMatch(
          /^\S+\/tweedie\.sqlite: the database is damaged \(.*tweedie rebuild EXPERIMENT\.yaml --results \S+\n$/,
        );
      }
      const rebuilt = await place.run('rebuild', 'one.yaml');
      expect(rebuilt).toMatchObject({ code: 0, stderr: '' });
      expect(rebuilt.stdout).toContain(`${database}: new, with ${CELLS} cells from their records`);
      expect(rebuilt.stdout).toMatch(/\nnothing is lacking\n$/);
      expect(await run(place)).toMatchObject({ cached: CELLS, solved: 0, scored: 0 });
      expect(await place.rows('one')).toBe(rows);
      const [aside] = readdirSync(place.results).filter((name) =>
        /^tweedie-damaged-[\dTZ-]+\.sqlite$/.test(name),
      );
      expect(readFileSync(join(place.results, aside!))).toEqual(damaged);
    },
  );

  it('gone is missed by every command where solved cells have records', async () => {
    const { place, database } = solved();
    rmSync(database);
    const { code, stderr } = await place.run('run', 'one.yaml');
    expect([code, stderr.split('(')[1]!.split(')')[0]]).toEqual([
      2,
      `it is gone, the records of ${CELLS} solved cells are there`,
    ]);
    expect((await place.run('rebuild')).stdout).toContain(
      'the plans are known again once their files are given',
    );
    expect(await run(place)).toMatchObject({ cached: CELLS, solved: 0, scored: 0 });
    expect(await place.rows('one')).toBe(rows);
  });

  it('sound is kept', async () => {
    const { place, database } = solved();
    expect((await place.run('rebuild', 'one.yaml')).stdout).toContain(
      `${database}: sound; added 0 cells from their records (to have a new one made, move it away first)`,
    );
    expect(await place.rows('one')).toBe(rows);
    place.experiment('one', { data: { ...small.data, count: 4 } });
    expect((await place.run('rebuild', 'one.yaml')).stdout).toMatch(
      /\nwhat is still lacking: tweedie run one\.yaml\n$/,
    );
  });
});

describe('a folder of an earlier version, without records', () => {
  it('gives its pictures and numbers back, and says what is lost', async () => {
    const { place, database } = solved();
    rmSync(join(place.results, 'records'), { recursive: true });
    damages.cut!(database);
    expect(await place.run('rebuild')).toMatchObject({
      code: 2,
      stderr: `${place.results}: no record of a cell found; give the experiments' files: tweedie rebuild EXPERIMENT.yaml\n`,
    });
    expect((await place.run('rebuild', 'one.yaml')).stdout).toContain(
      `${CELLS} from their tensors, whose times, counters and logs are lost`,
    );
    expect(await run(place)).toMatchObject({ cached: CELLS, solved: 0, scored: 2 * CELLS });
    expect(await place.rows('one')).toBe(rows);
  });
});

describe('stored pictures that are missing or damaged', () => {
  it('are made again of the tensor, the data set and the task, and solve nothing', async () => {
    const { place, database } = solved();
    const [{ restored, truth, measurement }] = solutionsIn(database) as [
      ReturnType<typeof solutionsIn>[number],
    ];
    const before = [restored, truth, measurement].map((path) => readFileSync(join(place.results, path)));
    rmSync(join(place.results, restored));
    copyFileSync(join(place.results, measurement), join(place.results, truth));
    truncateSync(join(place.results, measurement), 20);
    const again = await run(place);
    expect(again).toMatchObject({ cached: CELLS, solved: 0 });
    expect(again.stderr).toMatch(/^note: missing or damaged, made again of what else is stored: images\//);
    expect([restored, truth, measurement].map((path) => readFileSync(join(place.results, path)))).toEqual(
      before,
    );
    expect((await run(place)).stderr).toBe('');
  });

  it('are solved again where the tensor is damaged too; a report is written all the same', async () => {
    const { place, database } = solved();
    const { restored, tensor } = solutionsIn(database)[0]!;
    for (const path of [restored, tensor]) appendFileSync(join(place.results, path), 'x');
    const report = await place.run('report', 'one');
    expect(report).toMatchObject({
      code: 0,
      stderr: `warning: missing or damaged: ${restored}; tweedie run makes them again\n`,
    });
    expect(readFileSync(join(place.dir, 'reports/one.html'), 'utf8')).toContain(
      `No picture: ${restored}: damaged in `,
    );
    const again = await run(place);
    expect(again).toMatchObject({ cached: CELLS - 1, solved: 1 });
    expect(again.stderr).toContain(`note: missing or damaged, 1 cell to do again: ${restored}\n`);
    expect(await place.rows('one')).toBe(rows);
  });

  it('cost no other cell its score', async () => {
    const { place, database } = solved();
    const { restored, tensor } = solutionsIn(database)[0]!;
    for (const path of [restored, tensor]) rmSync(join(place.results, path));
    const { code, stderr } = await place.run('score', 'one.yaml', '--metrics', 'lpips-toy', '--no-report');
    expect(code).toBe(1);
    expect(stderr).toContain(`not scored: lpips-toy: solver-error: ${restored}: missing in ${place.results}`);
    const scores = JSON.parse(await place.rows('one')).filter(
      (row: { metric: string }) => row.metric === 'lpips-toy',
    );
    expect(scores).toHaveLength(CELLS - 1);
  });
});

describe('a results folder on a read-only mount', () => {
  it('can be read by every command that computes nothing; run says so in one line', async ({ skip }) => {
    const { place } = solved();
    const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'ignore' });
    try {
      mount('--bind', place.results, place.results);
    } catch {
      skip('this user may not mount');
    }
    onTestFinished(() => void execFileSync('umount', [place.results]));
    mount('-o', 'remount,ro,bind', place.results);
    for (const args of [['status'], ['report', 'one'], ['export', 'one'], ['plan', 'one.yaml']])
      expect(await place.run(...args), args.join(' ')).toMatchObject({ code: 0, stderr: '' });
    const { code, stderr } = await place.run('run', 'one.yaml');
    expect([code, stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(stderr).toContain('read-only');
  });
});
