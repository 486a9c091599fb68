import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, vi } from 'vitest';
import { Workplace } from './cli.ts';

// Each test starts the program several times, and each start loads the native libraries in several processes.
vi.setConfig({ testTimeout: 300_000 });

const small = { data: { set: 'toyfaces', split: 'test', count: 3 }, seeds: [0], workers: 1 };
const gains = (...gain: number[]) => ({ solvers: [{ arithmetic: { gain, steps: 5 } }] });

it('two experiments run in one folder at once, and what both want is solved once', async () => {
  const place = new Workplace();
  place.experiment('left', { ...small, ...gains(0.2, 0.5) });
  place.experiment('right', { ...small, ...gains(0.5, 0.8), batch: 3 });
  const [left, right] = await Promise.all([
    place.run('run', 'left.yaml', '--no-report', '--json'),
    place.run('run', 'right.yaml', '--no-report', '--json'),
  ]);
  expect([left.code, right.code], left.stderr + right.stderr).toEqual([0, 0]);
  const counts = [left, right].map(({ stdout }) => JSON.parse(stdout));
  // Three baselines, and three pictures of each of three gains.
  expect(counts[0].solved + counts[1].solved).toBe(12);
  expect(counts.map(({ solved, cached, total }) => total - solved - cached)).toEqual([0, 0]);
  const db = new Database(join(place.results, 'tweedie.sqlite'), { readonly: true });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();

  const alone = new Workplace();
  alone.experiment('left', { ...small, ...gains(0.2, 0.5) });
  await alone.run('run', 'left.yaml', '--no-report');
  expect(await place.rows('left')).toBe(await alone.rows('left'));
});
