import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Workplace } from './cli.ts';

vi.setConfig({ testTimeout: 300_000 });

/** An experiment of two pictures in one batch, run with another gain than its file has; and the key of one of its cells. */
async function solved() {
  const place = new Workplace();
  place.experiment('one', {
    data: { set: 'toyfaces', split: 'test', count: 2 },
    seeds: 0,
    metrics: ['psnr'],
  });
  await place.run('run', 'one.yaml', '--no-report', '--set', 'solvers.arithmetic.gain=0.3');
  const { stdout } = await place.run('export', 'one', '--columns', 'key,kind,resultArray');
  const cells = JSON.parse(stdout) as { key: string; kind: string; resultArray: string }[];
  const { key, resultArray } = cells.find(({ kind }) => kind === 'solver')!;
  return { place, key, tensor: join(place.results, resultArray) };
}

/** Every result file with its time; SQLite's own are touched by reading. */
function filesOf(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.startsWith('tweedie.sqlite'))
    .map((file) => `${file} ${statSync(join(dir, file)).mtimeMs}`)
    .sort();
}

it('a cell is solved again as its run was told, in its batch, and is equal; nothing is written in the results', async () => {
  const { place, key } = await solved();
  const before = filesOf(place.results);
  const { code, stdout } = await place.run('reproduce', key.slice(0, 12));
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining('equal: tensor bit by bit; picture in every pixel'),
  ]);
  expect(filesOf(place.results)).toEqual(before);
});

it('a stored value that is another is said, with exit code 1; a plan without the cell is a mistake', async () => {
  const { place, key, tensor } = await solved();
  const bytes = readFileSync(tensor);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(tensor, bytes);
  const { code, stdout } = await place.run('reproduce', key, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ equal: false, distance: { picture: 0 }, scores: [] });
  expect(JSON.parse(stdout).distance.array).toBeGreaterThan(0);
  const other = await place.run('reproduce', key, '--set', 'seeds=1');
  expect([other.code, other.stderr]).toEqual([
    2,
    expect.stringContaining(`one.yaml: plans no cell ${key.slice(0, 12)}`),
  ]);
});

it('a cell of a batch of two seeds is solved again beside the other, whatever the plan puts together now', async () => {
  const place = new Workplace();
  const one = { data: { set: 'toyfaces', split: 'test', count: 1 }, metrics: ['psnr'] };
  place.experiment('one', { ...one, seeds: [0, 1], batch: 2 });
  await place.run('run', 'one.yaml', '--no-report');
  const { stdout } = await place.run('export', 'one', '--columns', 'key,kind,seed,batchSize');
  const cells = JSON.parse(stdout) as { key: string; kind: string; seed: number; batchSize: number }[];
  const { key, batchSize } = cells.find(({ kind, seed }) => kind === 'solver' && seed === 1)!;
  expect(batchSize).toBe(2);
  place.experiment('one', { ...one, seeds: [1, 5, 0], batch: 1 });
  const again = await place.run('reproduce', key, '--json');
  expect([again.code, JSON.parse(again.stdout)]).toEqual([0, expect.objectContaining({ equal: true })]);
  place.experiment('one', { ...one, seeds: [1] });
  const alone = await place.run('reproduce', key);
  expect([alone.code, alone.stderr]).toEqual([
    2,
    expect.stringContaining('it was solved in one batch with '),
  ]);
});

it('a cell of a batch of two settings of a solver is solved again beside the other', async () => {
  const place = new Workplace();
  place.experiment('one', {
    ...{ data: { set: 'toyfaces', split: 'test', count: 1 }, seeds: 0, metrics: ['psnr'] },
    solvers: [{ 'swept-arithmetic': { gain: [0.2, 0.5] } }],
  });
  await place.run('run', 'one.yaml', '--no-report');
  const { stdout } = await place.run('export', 'one', '--columns', 'key,kind,batchSize');
  const cells = JSON.parse(stdout) as { key: string; kind: string; batchSize: number }[];
  const swept = cells.filter(({ kind }) => kind === 'solver');
  expect(swept.map(({ batchSize }) => batchSize)).toEqual([2, 2]);
  for (const { key } of swept) {
    const again = await place.run('reproduce', key, '--json');
    expect([again.code, JSON.parse(again.stdout)]).toEqual([0, expect.objectContaining({ equal: true })]);
  }
});

it("a cell that two experiments share is solved again by the run's own file and what it was told, not by another's", async () => {
  const place = new Workplace();
  const shared = { data: { set: 'toyfaces', split: 'test', count: 1 }, seeds: 0, metrics: ['psnr'] };
  place.experiment('second', {
    ...shared,
    solvers: [
      { arithmetic: { gain: 0.2, steps: 5 } },
      { arithmetic: { gain: 0.9, steps: 5 }, label: 'more' },
    ],
  });
  place.experiment('first', { ...shared, solvers: [{ arithmetic: { gain: 0.2, steps: 5 } }] });
  await place.run('run', 'second.yaml', '--no-report', '--set', 'solvers.more.steps=4');
  await place.run('run', 'first.yaml', '--no-report');
  const { stdout } = await place.run('export', 'first', '--columns', 'key,kind');
  const { key } = (JSON.parse(stdout) as { key: string; kind: string }[]).find(
    ({ kind }) => kind === 'solver',
  )!;
  expect(await place.run('reproduce', key)).toMatchObject({ code: 0, stderr: '' });
});
