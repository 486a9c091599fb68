import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { hearSteps, Workplace } from './cli.ts';

// Each test starts the program several times, and each start loads the native libraries in several processes.
vi.setConfig({ testTimeout: 300_000 });

const PLUGIN = fileURLToPath(new URL('./plugins/known-best.js', import.meta.url));

/** An experiment of the solver whose best level is 0.3: 10 passes, 2 pictures, so 20 a trial; one batch each. */
function place(tune: Record<string, unknown>): Workplace {
  const there = new Workplace();
  there.experiment('one', {
    plugins: [PLUGIN],
    tasks: [{ denoising: { noise: 0.01 } }],
    solvers: ['known-best'],
    seeds: [0],
    data: { set: 'toyfaces', count: 2 },
    tune: { count: 2, ...tune },
  });
  return there;
}

interface TuningJson {
  readonly solved: number;
  readonly searches: readonly {
    readonly best: number | null;
    readonly passes: number;
    readonly trials: readonly { readonly params: { readonly level: number }; readonly mean: number | null }[];
  }[];
  readonly tasks: unknown;
}

async function tune(there: Workplace, ...more: string[]): Promise<TuningJson> {
  return JSON.parse((await there.run('tune', 'one.yaml', '--json', ...more)).stdout);
}

it('finds the best of a list, prints and writes it, and an experiment runs with it', async () => {
  const there = place({ budget: 80, search: { 'known-best': { level: [0.1, 0.3, 0.6, 0.8] } } });
  const { code, stdout, stderr } = await there.run('tune', 'one.yaml', '--out', 'tuned.yaml');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const row =
    /│ denoising +│ known-best +│ 4 +│ 80 +│ level 0\.3 +│ (\d+\.\d\d) ± \d+\.\d\d +│ (\d+\.\d\d) ± /.exec(
      stdout,
    );
  expect(Number(row?.[1])).toBeGreaterThan(Number(row?.[2]));
  const block = `tasks:
  - denoising: { noise: 0.01 }
    override:
      known-best: { level: 0.3 }
`;
  expect(stdout).toContain(`\n${block}`);
  expect(readFileSync(join(there.dir, 'tuned.yaml'), 'utf8')).toMatch(
    new RegExp(`^# Found by tweedie tune\n(# .*\n)+${block.replace(/[{}]/g, '\\$&')}$`),
  );
  writeFileSync(join(there.dir, 'final.yaml'), 'extends: [one.yaml, tuned.yaml]\nname: final\n');
  const { groups } = JSON.parse((await there.run('plan', 'final.yaml', '--json')).stdout);
  expect(groups.at(-1)).toMatchObject({
    solver: 'known-best',
    params: { level: 0.3 },
    items: [{ id: 'test/00000' }, { id: 'test/00001' }],
  });
});

it('finds what is nearest to the best in a range, the nearer the larger the budget, and keeps what was tried', async () => {
  const search = { 'known-best': { level: { from: 0, to: 1 } } };
  const there = place({ budget: 100, search });
  const off = ({ searches: [search] }: TuningJson) =>
    Math.abs(search!.trials[search!.best!]!.params.level - 0.3);
  const small = await tune(there);
  expect(small.searches[0]).toMatchObject({ passes: 100 });
  expect(small.searches[0]!.trials).toHaveLength(5);
  const large = await tune(there, '--set', 'tune.budget=500');
  expect(large.searches[0]!.trials).toHaveLength(25);
  expect(large.searches[0]!.trials.slice(0, 5)).toEqual(small.searches[0]!.trials);
  expect(large.solved).toBe(40);
  expect(off(large)).toBeLessThanOrEqual(off(small));
  expect(off(large)).toBeLessThan(0.05);
  const nearest = Math.min(...large.searches[0]!.trials.map(({ params }) => Math.abs(params.level - 0.3)));
  expect(off(large)).toBe(nearest);
});

it('killed in its midst, goes on without solving again, and then has nothing to do', async () => {
  const there = place({ budget: 160, search: { 'known-best': { level: { from: 0, to: 1 } } } });
  let solved = 0;
  const env = await hearSteps(() => {
    if (++solved === 4) first.process.kill('SIGKILL');
  });
  const first = there.start(['tune', 'one.yaml', '--set', 'workers=1'], env);
  expect((await first.ended).signal).toBe('SIGKILL');
  const resumed = await there.start(['tune', 'one.yaml', '--json', '--set', 'workers=1'], env).ended;
  expect(resumed.code).toBe(0);
  // Eight trials of one batch; the one in flight is solved twice.
  expect(solved).toBeGreaterThanOrEqual(8);
  expect(solved).toBeLessThanOrEqual(9);
  const again = await there.start(['tune', 'one.yaml', '--json'], env).ended;
  expect(solved).toBeLessThanOrEqual(9);
  const { searches, tasks } = JSON.parse(resumed.stdout) as TuningJson;
  expect(JSON.parse(again.stdout)).toMatchObject({ solved: 0, searches, tasks });
});

it('a trial that fails takes no part, is told and run again only when asked', async () => {
  const there = place({ budget: 60, search: { 'known-best': { fails: [true] } } });
  const { code, stdout, stderr } = await there.run('tune', 'one.yaml');
  expect(code).toBe(1);
  expect(stderr).toContain('2 cells failed (2 solver-error); to run again: tweedie tune one.yaml --retry');
  expect(stdout).toContain('known-best: { fails: false }');
  expect((await there.run('tune', 'one.yaml')).stdout).toContain('2 failed earlier, 0 to do');
  expect((await there.run('tune', 'one.yaml', '--retry')).stdout).toContain('2 to do');
});

it('refuses the test split, and to write over what is not its own, before anything is computed', async () => {
  const search = { 'known-best': { level: [0.1] } };
  const there = place({ split: 'test', budget: 60, search });
  const refused = await there.run('tune', 'one.yaml');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(
    /^one\.yaml:\d+:\d+: tune\.split: nothing is tuned on the test split, which methods are compared on; expected validation or train\n$/,
  );
  const over = await there.run('tune', 'one.yaml', '--set', 'tune.split=validation', '--out', 'one.yaml');
  expect(over.code).toBe(2);
  expect(over.stderr).toMatch(
    /^one\.yaml: expected nothing here, or tuned tasks of an earlier tweedie, found a text .*\n$/,
  );
});
