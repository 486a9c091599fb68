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
