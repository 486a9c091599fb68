import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderWith } from '../config/fakes.ts';
import { writeTinyPrior } from '../support/tiny-prior.ts';
import { tweedie } from './run-cli.ts';

/** What the tests read of it. */
interface PlanJson {
  readonly estimate: { readonly seconds: number };
  readonly groups: readonly {
    readonly groupKey: string;
    readonly items: readonly { readonly cellKey: string }[];
  }[];
}

describe('tweedie plan', () => {
  let file: string;
  let results: string;
  beforeAll(() => {
    const folder = folderWith({
      'e.yaml': `name: trial
prior: { stable-diffusion: { path: ${writeTinyPrior()}, toy: true } }
data: { set: toyfaces, count: 3 }
seeds: [0, 1]
tasks: [{ super-resolution: { factor: 4 } }]
solvers: [{ p2l: { steps: 20, promptSteps: [1, 3] } }]
batch: 2
devices: cpu
workers: 2
`,
    });
    file = join(folder, 'e.yaml');
    results = join(folder, 'results');
  });

  it('--json prints one document: every cell with its key, and an estimate', async () => {
    const { code, stdout } = await tweedie('plan', file, '--json', '--results', results);
    expect(code).toBe(0);
    const plan = JSON.parse(stdout) as PlanJson;
    expect(plan).toMatchObject({ name: 'trial', cached: 0, devices: [{ device: 'cpu', slots: 2 }] });
    expect(plan.estimate.seconds).toBeGreaterThan(0);
    expect(plan.groups[0]).toMatchObject({
      kind: 'baseline',
      solver: 'bicubic',
      prior: null,
      imageShape: [3, 16, 16],
      passes: 0,
    });
    expect(plan.groups.at(-1)).toMatchObject({
      kind: 'solver',
      solver: 'p2l',
      params: { steps: 20, promptSteps: 3 },
      task: 'super-resolution',
      taskParams: { factor: 4 },
      prior: { name: 'stable-diffusion', toy: true },
      seed: 1,
      items: [
        { id: 'test/00001', sha256: expect.any(String), seed: 1, cellKey: expect.any(String) },
        { id: 'test/00002', sha256: expect.any(String), seed: 1, cellKey: expect.any(String) },
      ],
      passes: 80,
    });
    const keys = plan.groups.flatMap(({ items }) => items.map(({ cellKey }) => cellKey));
    expect(new Set(keys).size).toBe(3 * 2 * 3);
  });

  it('prints a row for each task and method, and one line that sums up', async () => {
    const { stdout } = await tweedie('plan', file, '--results', results);
    expect(stdout).toContain('bicubic (baseline)');
    expect(stdout).toMatch(/p2l +│ steps 20, promptSteps 3 +│ 3 +│ 2 +│ 3 +│ 6 +│ 0 /);
    expect(stdout).toMatch(/p2l +│ steps 20 +│/);
    expect(stdout).toMatch(/^disk: at most \d+\.\d KiB, of it 54\.0 KiB float tensors/m);
    expect(stdout.split('\n').at(-1)).toMatch(
      /^trial {2}18 cells: 0 cached, 18 to do, ~\d+ (s|min) on cpu x2$/,
    );
  });

  it('says every mistake in a line of its own, 20 at most, and exits with 2', async () => {
    const wrong = join(
      folderWith({ 'w.yaml': `solvers: [${Array(25).fill('ldsp, ').join('')}]\n` }),
      'w.yaml',
    );
    const { code, stdout, stderr } = await tweedie('plan', wrong, '--results', results);
    expect([code, stdout]).toEqual([2, '']);
    const lines = stderr.split('\n');
    expect(lines).toHaveLength(21);
    expect(lines[0]).toBe(`${wrong}:1:1: missing key "name": expected text`);
    expect(lines.at(-1)).toBe('and 9 more mistakes');
  });

  it('gives the same keys each time, and others when a parameter is set otherwise', async () => {
    const keys = async (...options: string[]) => {
      const { stdout } = await tweedie('plan', file, '--json', '--results', results, ...options);
      return (JSON.parse(stdout) as PlanJson).groups.map(({ groupKey }) => groupKey);
    };
    const first = await keys();
    expect(await keys()).toEqual(first);
    const changed = await keys('--set', 'solvers.0.p2l.steps=21');
    expect(changed.filter((key) => first.includes(key))).toEqual(first.slice(0, 4));
  });
});
