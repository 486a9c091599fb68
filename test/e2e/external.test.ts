import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { identify } from '../../harness/processes.ts';
import { Workplace } from './cli.ts';

// Each run loads the native libraries in several processes.
vi.setConfig({ testTimeout: 300_000 });

const CLIENT = fileURLToPath(new URL('../external/programs/client.mjs', import.meta.url));

/** A program whose parameter says how it goes; each leaves the number of its process. */
const PROGRAM = `
import { appendFileSync, writeFileSync } from 'node:fs';
import { problem, save, say, pictures, size, zeros } from './client.mjs';
const { way } = problem.params;
appendFileSync(way, process.pid + ' ' + problem.scratch + '\\n');
console.error('went ' + way);
writeFileSync('task.json', JSON.stringify(problem.task));
if (way === 'hangs') await new Promise((resolve) => setTimeout(resolve, 1e7));
if (way === 'dies') process.exit(3);
const values = new Float32Array(size);
if (way === 'NaN') values[0] = NaN;
say({ type: 'progress', done: 1, total: 1 });
say({ type: 'result', x: save('x.npy', pictures, values) });
`;

it('a program is a method of a run: rows where it works, failed ones with its words where not, nothing left of it', async () => {
  const place = new Workplace();
  writeFileSync(join(place.dir, 'mine.mjs'), PROGRAM);
  copyFileSync(CLIENT, join(place.dir, 'client.mjs'));
  const ways = ['works', 'dies', 'NaN', 'hangs'];
  place.experiment('one', {
    data: { set: 'toyfaces', count: 2 },
    seeds: [0],
    prior: 'embedded-pixel',
    plugins: [],
    solvers: [{ external: { name: 'mine', command: [process.execPath, 'mine.mjs'], params: { way: ways } } }],
  });
  const { code } = await place.run('run', 'one.yaml', '--no-report', '--stall-timeout', '20');
  expect(code).toBe(1);

  expect(JSON.parse(readFileSync(join(place.dir, 'task.json'), 'utf8'))).toEqual({
    name: 'random-inpainting',
    params: expect.objectContaining({ noise: expect.any(Number) }),
  });
  const { failedCells } = (await place.status('one')) as { failedCells: Record<string, unknown>[] };
  const failed = (way: string) => failedCells.filter(({ params }) => (params as { way: string }).way === way);
  expect(failed('works')).toEqual([]);
  expect(failed('dies')).toMatchObject([
    {
      kind: 'solver-error',
      message:
        'mine: ended (exit code 3) before it gave a result; the last that it wrote to standard error: went dies',
      logTail: expect.stringContaining('went dies'),
    },
    { kind: 'solver-error' },
  ]);
  expect(failed('NaN')).toMatchObject([
    { kind: 'nan', message: '1 of 12288 values of the result are not finite' },
  ]);
  expect(failed('hangs')).toMatchObject([
    { kind: 'timeout', message: expect.stringContaining('no step or result for 20 s while solving') },
    { kind: 'timeout' },
  ]);

  for (const [pid, scratch] of readFileSync(join(place.dir, 'hangs'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ')))
    expect(identify(Number(pid)), scratch).toBe(null);
  for (const way of ['works', 'dies'])
    for (const line of readFileSync(join(place.dir, way), 'utf8').trim().split('\n'))
      expect(existsSync(line.split(' ')[1]!)).toBe(false);
});

it('checked, a program that cannot start says why once; what would need it is not run', async () => {
  const place = new Workplace();
  writeFileSync(join(place.dir, 'mine.mjs'), "import 'no-such-package';\n");
  writeFileSync(
    join(place.dir, 'mine.yaml'),
    `external: { name: mine, command: [${JSON.stringify(process.execPath)}, mine.mjs] }\n`,
  );
  const { code, stdout, stderr } = await place.run('check', 'mine.yaml');
  expect(code).toBe(1);
  const why = "Cannot find package 'no-such-package'";
  expect(stderr.split(why)).toHaveLength(2);
  expect(stdout.split(why)).toHaveLength(2);
  const told = stdout.trimEnd().split('\n');
  expect(told[1]).toMatch(/^ {4}mine: ended \(exit code 1\) before it gave a result; /);
  expect(told.filter((line) => line === '    not run').length).toBeGreaterThan(2);
  expect(told.filter((line) => line.startsWith('✗'))).toHaveLength(
    1 + told.filter((line) => line === '    not run').length,
  );
  expect(stdout).toContain('✓ mine has a whole number of a version and a citation');
});
