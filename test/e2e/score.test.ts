import { readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import { Workplace } from './cli.ts';

// Each test starts the program several times, and each start loads the native libraries in several processes.
vi.setConfig({ testTimeout: 300_000 });

const small = { data: { set: 'toyfaces', split: 'test', count: 3 } };
const toys = { ...small, metrics: ['psnr', 'lpips-toy', 'fid-toy'] };

interface Row {
  solver: string;
  params: { gain?: number };
  item?: string;
  metric: string;
  value: number;
  images?: number;
  seeds?: number;
}

async function rowsOf(place: Workplace, name: string, metric: string): Promise<Row[]> {
  return (JSON.parse(await place.rows(name)) as Row[]).filter((row) => row.metric === metric);
}

/** Every cached feature file with the time it was written. */
function features(place: Workplace): Map<string, number> {
  const dir = join(place.results, 'features');
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.f32'),
  );
  return new Map(files.map((file) => [file, statSync(join(dir, file)).mtimeMs]));
}

describe('a run with metrics that ask a network', () => {
  it("ends with their numbers of each picture and of each method's set, and prints them with N and error", async () => {
    const place = new Workplace();
    place.experiment('one', toys);
    const { code, stdout } = await place.run('run', 'one.yaml', '--no-report');
    expect(code).toBe(0);
    expect(await rowsOf(place, 'one', 'lpips-toy')).toHaveLength(3 * 6);
    const sets = await rowsOf(place, 'one', 'fid-toy');
    expect(sets).toHaveLength(3);
    for (const set of sets) expect(set).toMatchObject({ images: 3, seeds: 2, value: expect.any(Number) });
    expect(stdout).toMatch(/LPIPS-toy ↓.*FID-toy ↓/);
    expect(stdout).toMatch(/3 × 2 .*\(SE [\d.]+\)/);
    expect(stdout).toContain('fid-toy of 3 pictures: below 2048');
    expect(stdout).toContain('FID-toy: asks a small network trained on toyfaces');

    const again = await place.run('run', 'one.yaml', '--no-report');
    expect(again.stdout).not.toContain('computed');
  });

  it("a further method costs its own features only, and leaves the others' numbers alone", async () => {
    const place = new Workplace();
    place.experiment('one', toys);
    await place.run('run', 'one.yaml', '--no-report');
    const [cached, before] = [features(place), await rowsOf(place, 'one', 'fid-toy')];
    place.experiment('one', { ...toys, solvers: [{ arithmetic: { gain: [0.2, 0.5, 0.7], steps: 5 } }] });
    expect(await place.run('run', 'one.yaml', '--no-report')).toMatchObject({ code: 0 });
    const now = features(place);
    expect([...cached].filter(([file, time]) => now.get(file) !== time)).toEqual([]);
    expect(now.size).toBe(cached.size + 6);
    const after = await rowsOf(place, 'one', 'fid-toy');
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after).toHaveLength(4);
  });
});

describe('tweedie score', () => {
  it('adds metrics to what is solved, and solves nothing', async () => {
    const place = new Workplace();
    place.experiment('one', {
      ...small,
      metrics: ['psnr'],
      solvers: [{ arithmetic: { gain: 0.2, steps: 5 } }],
    });
    await place.run('run', 'one.yaml', '--no-report');
    const before = await place.status('one');
    place.experiment('one', { ...small, metrics: ['psnr'] });
    const { code, stdout } = await place.run(
      'score',
      'one.yaml',
      '--metrics',
      'lpips-toy,fid-toy',
      '--no-report',
    );
    expect(code).toBe(0);
    expect(stdout).toContain('one  12 of 18 cells are solved');
    expect(await rowsOf(place, 'one', 'lpips-toy')).toHaveLength(12);
    expect((await rowsOf(place, 'one', 'fid-toy')).map(({ params }) => params.gain)).toEqual([
      undefined,
      0.2,
    ]);
    expect(await place.status('one')).toMatchObject({ done: 12, todo: 6, lastRun: before.lastRun });
  });

  it('computes a corrected metric anew', async () => {
    const place = new Workplace();
    place.experiment('one', toys);
    await place.run('run', 'one.yaml', '--no-report');
    const right = await place.rows('one');
    const db = new Database(join(place.results, 'tweedie.sqlite'));
    // As if PSNR and FID-toy had been of an older version, with other values.
    db.exec(`
      UPDATE scores SET key = 'old ' || key, version = 0, value = -1 WHERE metric = 'psnr';
      UPDATE set_scores SET key = 'old ' || key, version = 0, value = -1;`);
    db.close();
    expect(await rowsOf(place, 'one', 'psnr')).toEqual([]);
    const { code, stdout } = await place.run('score', 'one.yaml', '--no-report');
    expect(code).toBe(0);
    expect(stdout).toContain(`${18 + 3} numbers of stored pictures computed`);
    expect(await place.rows('one')).toBe(right);
  });

  it('says what it could not score and why, with exit code 1; the same command goes on', async () => {
    const place = new Workplace();
    place.experiment('one', { ...small, metrics: ['psnr'] });
    await place.run('run', 'one.yaml', '--no-report');
    // Without its tensor a picture cannot be made again.
    const db = new Database(join(place.results, 'tweedie.sqlite'));
    const lost = db
      .prepare("SELECT path FROM artifacts WHERE role = 'result' LIMIT 2")
      .pluck()
      .all() as string[];
    db.close();
    const paths = lost.map((path) => join(place.results, path));
    for (const path of paths) renameSync(path, `${path}-away`);
    const args = ['score', 'one.yaml', '--metrics', 'fid-toy', '--no-report'];
    const { code, stderr } = await place.run(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/not scored: fid-toy: solver-error: .*missing/);
    for (const path of paths) renameSync(`${path}-away`, path);
    expect(await place.run(...args)).toMatchObject({ code: 0 });
    expect(await rowsOf(place, 'one', 'fid-toy')).toHaveLength(3);
  });

  it('names the nearest metric for an unknown one', async () => {
    const place = new Workplace();
    place.experiment('one', small);
    const { code, stderr } = await place.run('score', 'one.yaml', '--metrics', 'fid-toi');
    expect([code, stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(stderr).toContain('did you mean "fid-toy"?');
  });
});
