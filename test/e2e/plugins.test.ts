import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Workplace } from './cli.ts';

// Each test starts the program several times, and each start loads the native libraries in several processes.
vi.setConfig({ testTimeout: 300_000 });

const PAPER = 'Nobody et al., 2026';
const SOLVER = `
import { defineSolver, tf, z } from 'tweedie';

export default defineSolver({
  name: 'echo',
  version: 1,
  paper: '${PAPER}',
  requires: {},
  params: z.strictObject({ gain: z.number().default(0.5) }),
  async solve({ y }, _prior, { gain }, ctx) {
    const step = ctx.compile(({ y, gain }) => tf.mul(y, gain));
    return step({ y, gain });
  },
});
`;

describe('a plug-in outside the package, with no node_modules above it', () => {
  function place(): Workplace {
    const there = new Workplace();
    writeFileSync(join(there.dir, 'echo.js'), SOLVER);
    there.experiment('one', {
      plugins: [Workplace.plugin, 'echo.js'],
      data: { set: 'toyfaces', count: 2 },
      seeds: [0],
      solvers: ['echo'],
      report: { baseline: 'echo' },
    });
    return there;
  }

  it("imports the program that runs it, in the planner and in the workers; reports name its solver's paper", async () => {
    const there = place();
    const { code, stderr } = await there.run('run', 'one.yaml');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(await there.status('one')).toMatchObject({ done: 4, failed: 0 });
    expect(readFileSync(join(there.dir, 'reports/one.html'), 'utf8')).toContain(PAPER);

    await there.run('report', 'one', '--out', 'again.html');
    expect(readFileSync(join(there.dir, 'again.html'), 'utf8')).toContain(PAPER);
    rmSync(join(there.dir, 'echo.js'));
    expect(await there.run('report', 'one', '--out', 'bare.html')).toMatchObject({ code: 0 });
    const bare = readFileSync(join(there.dir, 'bare.html'), 'utf8');
    expect(bare).toContain('echo');
    expect(bare).not.toContain(PAPER);
  });

  it('called like a baseline has a row of its own beside it', async () => {
    const there = new Workplace();
    writeFileSync(join(there.dir, 'zeros.js'), SOLVER.replace('echo', 'observed mean'));
    there.experiment('one', {
      plugins: [Workplace.plugin, 'zeros.js'],
      data: { set: 'toyfaces', count: 2 },
      seeds: [0],
      solvers: ['observed mean'],
      report: { baseline: 'observed mean' },
    });
    expect(await there.run('run', 'one.yaml', '--no-report')).toMatchObject({ code: 0 });
    const csv = await there.run('export', 'one', '--format', 'csv', '--columns', 'solver,kind');
    expect(new Set(csv.stdout.trimEnd().split('\n').slice(1))).toEqual(
      new Set(['observed mean,baseline', 'observed mean,solver']),
    );
    const { stdout } = await there.run('report', 'one');
    expect(stdout).toMatch(/^ observed mean \(baseline\) .*\n observed mean \(plug-in [0-9a-f]{8}\) /m);
  });

  it('is known by its own text and the program it imports: an edit makes its cells new', async () => {
    const there = place();
    const keys = async () => {
      const { groups } = JSON.parse((await there.run('plan', 'one.yaml', '--json')).stdout);
      return groups.map(({ groupKey }: { groupKey: string }) => groupKey);
    };
    const [baseline, solver] = await keys();
    writeFileSync(join(there.dir, 'echo.js'), SOLVER.replace('0.5', '0.25'));
    const edited = await keys();
    expect(edited[0]).toBe(baseline);
    expect(edited[1]).not.toBe(solver);
  });
});

it('a loop without end is stopped, and told with its line', async () => {
  const there = new Workplace();
  const loop = "for (let i = 0; ; i++) if (i < 0) return 'never';";
  const source = SOLVER.replace('return step({ y, gain });', loop);
  writeFileSync(join(there.dir, 'mine.js'), source);
  there.experiment('one', {
    plugins: ['mine.js'],
    data: { set: 'toyfaces', count: 1 },
    seeds: [0],
    prior: 'embedded-pixel',
    solvers: ['echo'],
  });
  expect((await there.run('run', 'one.yaml', '--no-report', '--stall-timeout', '15')).code).toBe(1);
  const { failedCells } = (await there.status('one')) as { failedCells: { message: string }[] };
  const line = source.split('\n').findIndex((text) => text.includes(loop)) + 1;
  expect(failedCells[0]!.message).toMatch(
    new RegExp(`^mine\\.js:${line}:\\d+: stopped: no step or result for 15 s while solving; `),
  );
});

describe('tweedie check', () => {
  const check = async (source: string, ...more: string[]) => {
    const there = new Workplace();
    writeFileSync(join(there.dir, 'mine.js'), source);
    return there.run('check', 'mine.js', ...more);
  };

  it.each([
    [
      'a name that is built in',
      SOLVER.replace("'echo'", "'ldps'"),
      'there is a solver "ldps" already (built in)',
    ],
    [
      'one name twice',
      SOLVER.replace('export default', 'const one =').concat('export default [one, { ...one }];'),
      'there is a solver "echo" already (its own)',
    ],
    [
      'a kind that is none',
      SOLVER.replace('version: 1', "version: 1, solves: 'segmentt'"),
      'echo: solves: expected restore or blind or segment or invert or edit or generate or translate, found "segmentt"',
    ],
  ])('refuses %s as a plan does', async (_, source, told) => {
    const { code, stdout, stderr } = await check(source);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^plug-in .*mine\.js: .*\n$/);
    expect(stderr).toContain(told);
  });

  it('stops a method that never returns, or ends its process, and names the check', async () => {
    const never = SOLVER.replace('return step({ y, gain });', 'for (;;);');
    const { code, stdout } = await check(never, '--timeout', '20');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {4}is not over after 20 s; --timeout SECONDS gives it more$/m);
    const exits = SOLVER.replace('return step({ y, gain });', 'process.exit(0);');
    expect((await check(exits)).stdout).toContain('    ended its process (exit code 0)');
  });

  it('says of a promise that nothing can settle any more that it never settles', async () => {
    const unsettled = SOLVER.replace('return step({ y, gain });', 'return new Promise(() => {});');
    const { code, stdout } = await check(unsettled);
    expect(code).toBe(1);
    expect(stdout).toContain(
      '    never settles the promise that it returns: nothing is left that it could wait for',
    );
  });

  it('prints one document alone, whatever the plug-in prints; of a flood the beginning', async () => {
    const noisy = `console.log('{"loaded":');\n${SOLVER.replace(
      'return step({ y, gain });',
      "console.log('x'.repeat(99_999)); return step({ y, gain });",
    )}`;
    const { stdout, stderr } = await check(noisy, '--json');
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ name: 'echo' }));
    expect(stderr).toContain('{"loaded":');
    expect(stderr.length).toBeLessThan(20_000);
    expect(stderr).toContain('(it prints more, which is not shown)');
  });

  it('says what a run would say of a result, and all that a solver throws', async () => {
    const told = async (body: string) => {
      const described = SOLVER.replace('default(0.5)', "default(0.5).describe('a factor')");
      const source = described.replace('return step({ y, gain });', body);
      const findings = JSON.parse((await check(source, '--json')).stdout) as { problem: string | null }[];
      const lineOf = (text: string) => text.replace(/^mine\.js:(\d+):\d+/, '$1');
      return [...new Set(findings.flatMap(({ problem }) => (problem === null ? [] : lineOf(problem))))];
    };
    expect(await told('return {};')).toEqual([
      '10: echo returned {}, expected a tensor [2,3,16,16] or { x }',
    ]);
    expect(await told('return tf.zeros([2, 3, 16, 16], "bool");')).toEqual([
      '10: echo returned a tensor of bool, expected float32',
    ]);
    expect(await told('throw "one\\ntwo";')).toEqual(['10: one\\ntwo']);
    expect(await told('y.dispose(); await y.data();')).toEqual(['12: echo: Tensor is disposed.']);
    expect(await told('y.dispose(); return tf.add(y, 1);')).toEqual([
      '12: echo: this tensor belongs to another backend, or was disposed',
    ]);
  });
});
