import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { packageRoot } from '../../harness/cli/package-info.ts';
import { Workplace } from './cli.ts';

// Each test starts the program several times, and each start loads the native libraries in several processes.
vi.setConfig({ testTimeout: 300_000 });

const FILES = ['brightness.ts', 'mae.ts', 'gradients.ts'];

/** The examples of the guide, in a folder of their own with nothing of the program above it. */
function place(): Workplace {
  const there = new Workplace();
  for (const file of FILES) cpSync(join(packageRoot, 'docs/examples', file), join(there.dir, file));
  there.experiment('one', {
    plugins: [Workplace.plugin, ...FILES],
    data: { set: 'gradients' },
    seeds: [0],
    tasks: ['brightness'],
    solvers: [{ arithmetic: { steps: 1 } }],
    metrics: ['psnr', 'mae'],
  });
  return there;
}

interface Row {
  solver: string;
  task: string;
  dataset: string;
  metric: string;
  value: number;
}

describe('a task with its operator, a metric and a data set of plug-ins in TypeScript, outside the repository', () => {
  it('run, are scored and shown; a number is new where its metric is edited, and nothing is solved again', async () => {
    const there = place();
    expect(await there.run('run', 'one.yaml')).toMatchObject({ code: 0 });
    const rows = JSON.parse(await there.rows('one')) as Row[];
    expect(rows.filter(({ metric }) => metric === 'mae')).toHaveLength(6);
    expect(new Set(rows.map(({ task, dataset }) => `${task} ${dataset}`))).toEqual(
      new Set(['brightness gradients']),
    );
    const { stdout: captions } = await there.run(
      'export',
      'one',
      '--columns',
      'item,caption',
      '--format',
      'csv',
    );
    expect(captions).toContain('test/red,from black to red\n');
    expect(readFileSync(join(there.dir, 'reports/one.html'), 'utf8')).toContain('mae');

    const mae = join(there.dir, 'mae.ts');
    writeFileSync(
      mae,
      readFileSync(mae, 'utf8').replace('/ truth.data.length', '/ truth.data.length + 1000'),
    );
    const { stdout } = await there.run('run', 'one.yaml', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ solved: 0, cached: 6, scored: 6 });
    const again = JSON.parse(await there.rows('one')) as Row[];
    for (const { value } of again.filter(({ metric }) => metric === 'mae'))
      expect(value).toBeGreaterThan(1000);
  });

  it.each(['brightness.ts', 'gradients.ts'])('an edit of %s makes every cell new', async (file) => {
    const there = place();
    const keys = async () => {
      const { groups } = JSON.parse((await there.run('plan', 'one.yaml', '--json')).stdout);
      return (groups as { groupKey: string }[]).map(({ groupKey }) => groupKey);
    };
    const before = await keys();
    writeFileSync(join(there.dir, file), `${readFileSync(join(there.dir, file), 'utf8')}// edited\n`);
    const after = await keys();
    expect(after).toHaveLength(before.length);
    expect(after.filter((key) => before.includes(key))).toEqual([]);
  });

  it('the metric scores a folder against another, the data set is written as files', async () => {
    const there = place();
    const written = await there.run(
      'dataset',
      'gradients',
      '--plugin',
      'gradients.ts',
      '--out',
      'truth',
      '--no-sheet',
    );
    expect(written).toMatchObject({ code: 0, stdout: expect.stringContaining('wrote 3 of 3 pictures') });
    const sides = ['--generated', 'truth/test', '--reference', 'truth/test', '--metrics', 'psnr,mae'];
    const { stdout } = await there.run('evaluate', ...sides, '--plugin', 'mae.ts', '--json');
    expect(JSON.parse(stdout).metrics[1]).toMatchObject({
      name: 'mae',
      value: 0,
      pictures: 3,
      protocol: { plugin: expect.stringMatching(/^sha256 [0-9a-f]{16}$/) },
    });
  });

  it('a metric that throws is told with the line of its file', async () => {
    const there = place();
    const mae = join(there.dir, 'mae.ts');
    writeFileSync(mae, readFileSync(mae, 'utf8').replace('restored.data.reduce(', 'restored.pixels.reduce('));
    await there.run('dataset', 'gradients', '--plugin', 'gradients.ts', '--out', 'truth', '--no-sheet');
    const sides = ['--generated', 'truth/test', '--reference', 'truth/test', '--metrics', 'mae'];
    expect(await there.run('evaluate', ...sides, '--plugin', 'mae.ts')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^mae\.ts:15:\d+: Cannot read properties of undefined \(reading 'reduce'\)\n$/,
      ),
    });
  });

  it('are listed, and checked as built-in ones are', async () => {
    const there = place();
    for (const [kind, file, name] of [
      ['tasks', 'brightness.ts', 'brightness'],
      ['metrics', 'mae.ts', 'mae'],
      ['datasets', 'gradients.ts', 'gradients'],
    ] as const) {
      expect((await there.run('list', kind, '--plugin', file)).stdout).toContain(name);
      const { code, stdout } = await there.run('check', file);
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.not.stringContaining('✗') });
    }
  });
});
