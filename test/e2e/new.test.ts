import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Workplace } from './cli.ts';

vi.setConfig({ testTimeout: 600_000 });

it('tweedie new solver writes a solver, an experiment and a test that run as they are', async () => {
  const there = new Workplace();
  const { code, stdout } = await there.run('new', 'solver', 'my-method');
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('my-method.yaml') });
  expect((await there.run('plan', 'my-method.yaml')).stdout).toContain('my-method');
  const test = spawnSync(process.execPath, ['--test', 'my-method.test.js'], {
    cwd: there.dir,
    encoding: 'utf8',
  });
  expect(test).toMatchObject({ status: 0 });
});

it.each([
  ['task', 'tasks'],
  ['metric', 'metrics'],
  ['dataset', 'datasets'],
] as const)(
  'tweedie new %s writes one that passes its test, and an experiment whose plan has it',
  async (kind, listed) => {
    const there = new Workplace();
    expect(await there.run('new', kind, 'my-own')).toMatchObject({ code: 0 });
    const test = spawnSync(process.execPath, ['--test', 'my-own.test.js'], {
      cwd: there.dir,
      encoding: 'utf8',
    });
    expect(test).toMatchObject({ status: 0 });
    expect((await there.run('list', listed, '--plugin', 'my-own.js')).stdout).toContain('my-own');
    const plan = await there.run('plan', 'my-own.yaml', '--json');
    expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining('my-own') });
  },
);

it.each(['invert', 'edit', 'generate', 'translate'])(
  'a solver that solves %s and a task of that kind pass their tests, and their experiments run them',
  async (kind) => {
    const there = new Workplace();
    expect(await there.run('new', 'solver', 'my-method', '--solves', kind)).toMatchObject({ code: 0 });
    expect(await there.run('new', 'task', 'my-task', '--kind', kind)).toMatchObject({ code: 0 });
    for (const name of ['my-method', 'my-task']) {
      const test = spawnSync(process.execPath, ['--test', `${name}.test.js`], { cwd: there.dir });
      expect([name, test.status]).toEqual([name, 0]);
      const { groups } = JSON.parse((await there.run('plan', `${name}.yaml`, '--json')).stdout) as {
        groups: { kind: string; solver: string; task: string }[];
      };
      const solved = groups.filter(({ kind }) => kind === 'solver');
      expect(solved.flatMap(({ solver, task }) => [solver, task])).toContain(name);
    }
  },
);

it('refuses a kind that there is not, and one of a thing that has none, in a line', async () => {
  const there = new Workplace();
  const told = async (...words: string[]) => {
    const { code, stderr } = await there.run('new', ...words);
    return [code, stderr];
  };
  expect(await told('task', 'mine', '--kind', 'edti')).toEqual([
    2,
    '--kind: unknown value "edti": did you mean "edit"?\n',
  ]);
  expect(await told('solver', 'mine', '--kind', 'edit')).toEqual([
    2,
    '--kind goes with task alone, found solver\n',
  ]);
  expect(await told('metric', 'mine', '--solves', 'edit')).toEqual([
    2,
    '--solves goes with solver alone, found metric\n',
  ]);
  expect(existsSync(join(there.dir, 'mine.js'))).toBe(false);
});

it('and writes over nothing, takes no name that is taken, and none that cannot be a file', async () => {
  const there = new Workplace();
  await there.run('new', 'solver', 'mine', '--json');
  const before = readFileSync(join(there.dir, 'mine.js'), 'utf8');
  expect(await there.run('new', 'solver', 'mine')).toMatchObject({
    code: 2,
    stderr: 'mine.js: is there already; expected another name\n',
  });
  expect(readFileSync(join(there.dir, 'mine.js'), 'utf8')).toBe(before);
  expect(await there.run('new', 'solver', 'ldps')).toMatchObject({
    code: 2,
    stderr: 'there is a solver "ldps" already (built in)\n',
  });
  expect((await there.run('new', 'metric', 'psnr')).stderr).toBe(
    'there is a metric "psnr" already (built in)\n',
  );
  expect((await there.run('new', 'solver', '../mine')).stderr).toContain('expected small letters');
  expect(existsSync(join(there.dir, 'ldps.js'))).toBe(false);
});
