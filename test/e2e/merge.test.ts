import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { Workplace } from './cli.ts';

// Each test starts the program several times, and each start loads the native libraries in several processes.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const small = {
  data: { set: 'toyfaces', split: 'test', count: 3 },
  seeds: [0],
  workers: 1,
  metrics: ['psnr', 'ssim', 'fid-toy'],
};
const gains = (...gain: number[]) => ({ solvers: [{ arithmetic: { gain, steps: 5 } }] });

const cleanUp: (() => void)[] = [];
const original = new Workplace((action) => cleanUp.push(action));

beforeAll(async () => {
  const there = join(original.dir, 'there');
  plans(original);
  await original.run('run', 'left.yaml', '--no-report');
  await original.run('run', 'right.yaml', '--no-report', '--results', there);
  await original.run('run', 'left.yaml', '--no-report', '--results', there, '--set', 'seeds=[1]');
});
afterAll(() => {
  for (const action of cleanUp) action();
});

function plans(place: Workplace): void {
  place.experiment('left', { ...small, ...gains(0.2, 0.5) });
  place.experiment('right', { ...small, ...gains(0.5, 0.8) });
}

/** Copies of two folders whose experiments share a method; one has, under the same name, another plan too. */
function twoFolders(): { place: Workplace; there: string } {
  const place = new Workplace();
  plans(place);
  const there = join(place.dir, 'there');
  cpSync(original.results, place.results, { recursive: true });
  cpSync(join(original.dir, 'there'), there, { recursive: true });
  return { place, there };
}

it('a merged folder has the numbers of one that ran it all, and runs nothing again', async () => {
  const { place, there } = twoFolders();
  const merged = await place.run('merge', there);
  expect(merged, merged.stderr).toMatchObject({ code: 0, stderr: '' });
  expect(merged.stdout).toContain('left@1 there is left@2 here, new');

  const alone = join(place.dir, 'alone');
  for (const args of [['left.yaml'], ['right.yaml'], ['left.yaml', '--set', 'seeds=[1]'], ['left.yaml']])
    await place.run('run', ...args, '--no-report', '--results', alone);
  for (const name of ['left', 'left@2', 'right'])
    expect(await place.rows(name), name).toBe(await place.rows(name, alone));
  const again = await place.run('run', 'right.yaml', '--no-report', '--json');
  expect(JSON.parse(again.stdout)).toMatchObject({ solved: 0, scored: 0, cached: 9 });
  expect((await place.run('report', 'left@2', 'right', '--format', 'markdown', '--out', 'x.md')).code).toBe(
    0,
  );

  const second = await place.run('merge', there, '--json');
  expect(JSON.parse(second.stdout)).toMatchObject({ taken: 0, conflicts: [], files: 0 });
});

it('conflicts are a line each and exit code 1', async () => {
  const { place, there } = twoFolders();
  const db = new Database(join(there, 'tweedie.sqlite'));
  db.exec(`
    UPDATE scores SET value = value + 1 WHERE metric = 'psnr' AND cell_key =
      (SELECT c.key FROM cells c JOIN methods m ON m.key = c.method_key WHERE m.kind = 'baseline' AND c.seed = 0 LIMIT 1)`);
  db.close();
  const before = await place.rows('left');
  const { code, stderr, stdout } = await place.run('merge', there);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^conflict: [0-9a-f]{64} \(.* on random-inpainting, test\/0.*, seed 0\): psnr \S+ here, \S+ there; here: .*; there: .*\n1 conflict: nothing/,
  );
  expect(stdout).toMatch(/1 in conflict/);
  expect(await place.rows('left')).toBe(before);
});

it('a folder that has lost its database gives its records, a damaged one is refused', async () => {
  const { place, there } = twoFolders();
  const rows = await place.rows('right', there);
  writeFileSync(join(there, 'tweedie.sqlite'), 'no database');
  expect(await place.run('merge', there)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^.*there\/tweedie\.sqlite: the database is damaged .*tweedie rebuild .*\n$/,
    ),
  });
  for (const part of ['', '-wal', '-shm']) rmSync(join(there, `tweedie.sqlite${part}`), { force: true });
  const merged = await place.run('merge', there);
  expect(merged).toMatchObject({ code: 0, stderr: expect.stringContaining('no database there') });
  const run = await place.run('run', 'right.yaml', '--no-report', '--json');
  expect(JSON.parse(run.stdout)).toMatchObject({ solved: 0 });
  expect(await place.rows('right')).toBe(rows);
});

it('on a full disk: one line, nothing is lost, and the same command goes on', async ({ skip }) => {
  const { place, there } = twoFolders();
  const disk = join(place.dir, 'disk');
  mkdirSync(disk);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=330k', 'tmpfs', disk]).status === 0;
  skip(!mounted, 'only root can make a small disk');
  onTestFinished(() => void spawnSync('umount', [disk]));
  const args = ['merge', there, '--results', join(disk, 'r')];
  const full = await place.run(...args);
  expect(full.code).toBe(2);
  expect(full.stderr).toMatch(/^\S+\/r\/\S+: no space is left on its disk; free some .*\n$/);
  spawnSync('mount', ['-o', 'remount,size=10m', disk]);
  expect((await place.run(...args)).code).toBe(0);
  expect(await place.rows('right', join(disk, 'r'))).toBe(await place.rows('right', there));
});
