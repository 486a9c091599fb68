import { describe, expect, it, vi } from 'vitest';
import { identify, isRunning, type ProcessId } from '../../harness/processes.ts';
import { hearSteps, Workplace } from './cli.ts';

// Each test starts the program several times, and each start loads the native libraries in several processes.
vi.setConfig({ testTimeout: 300_000 });

/** Starts a run and ends it by a signal when its children have taken so many steps; all children's ids are noted. */
async function runUntilStep(
  place: Workplace,
  args: readonly string[],
  lastStep: number,
  signal: NodeJS.Signals,
  children: Map<number, ProcessId> = new Map(),
) {
  let steps = 0;
  const env = await hearSteps((pid) => {
    const id = identify(pid);
    if (id) children.set(pid, id);
    if (++steps === lastStep) run.process.kill(signal);
  });
  const run = place.start(args, env);
  return { ...(await run.ended), main: run.process.pid!, children };
}

describe('a run that is killed', () => {
  it('five times at random moments gives the very rows of one that is not, and leaves no process behind', async () => {
    const undisturbed = new Workplace();
    undisturbed.experiment('one');
    expect(await undisturbed.run('run', 'one.yaml', '--no-report')).toMatchObject({ code: 0 });

    const killed = new Workplace();
    killed.experiment('one');
    const children = new Map<number, ProcessId>();
    const moments = Array.from({ length: 5 }, () => 1 + Math.floor(Math.random() * 14));
    for (const moment of moments) {
      const end = await runUntilStep(killed, ['run', 'one.yaml', '--no-report'], moment, 'SIGKILL', children);
      expect(end.signal, `killed at steps ${moments}`).toBe('SIGKILL');
    }
    expect(await killed.run('run', 'one.yaml', '--no-report')).toMatchObject({ code: 0 });

    expect(await killed.rows('one'), `killed at steps ${moments}`).toBe(await undisturbed.rows('one'));
    expect(JSON.parse(await killed.rows('one'))).toHaveLength(2 * 48);
    expect(children.size).toBeGreaterThanOrEqual(5);
    expect([...children.values()].filter(isRunning)).toEqual([]);
  });

  it('amid batches of several settings of a solver stores the very rows of one that is not, and of one with each cell alone', async () => {
    const sweep = (batch: number) => ({
      ...{ data: { set: 'toyfaces', split: 'test', count: 1 }, seeds: 0, batch, workers: 1 },
      solvers: [{ 'swept-arithmetic': { gain: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], steps: 5 } }],
    });
    const [undisturbed, killed, apart] = [4, 4, 1].map((batch) => {
      const place = new Workplace();
      place.experiment('sweep', sweep(batch));
      return place;
    }) as [Workplace, Workplace, Workplace];
    for (const place of [undisturbed, apart])
      expect(await place.run('run', 'sweep.yaml', '--no-report')).toMatchObject({ code: 0 });
    // In the second batch: the first is stored.
    const { signal } = await runUntilStep(killed, ['run', 'sweep.yaml', '--no-report'], 7, 'SIGKILL');
    expect(signal).toBe('SIGKILL');
    expect(await killed.status('sweep')).toMatchObject({ done: 5, todo: 2 });
    expect(await killed.run('run', 'sweep.yaml', '--no-report')).toMatchObject({ code: 0 });

    expect(await killed.rows('sweep')).toBe(await undisturbed.rows('sweep'));
    // Nothing here differs with the size of a batch.
    expect(await apart.rows('sweep')).toBe(await undisturbed.rows('sweep'));
    const { stdout } = await killed.run('export', 'sweep', '--columns', 'kind,metric,batchSize');
    const cells = JSON.parse(stdout) as { kind: string; metric: string; batchSize: number }[];
    expect(
      cells.flatMap(({ kind, metric, batchSize }) =>
        kind === 'solver' && metric === 'psnr' ? batchSize : [],
      ),
    ).toEqual([4, 4, 4, 4, 2, 2]);
  });

  it('leaves a child that hears nothing, which the next run in the folder ends', async () => {
    const place = new Workplace();
    place.experiment('stuck', { solvers: [{ arithmetic: { steps: 1, fault: 'hang' } }], workers: 1 });
    place.experiment('other', { data: { set: 'toyfaces', count: 1 } });
    const { children } = await runUntilStep(place, ['run', 'stuck.yaml'], 1, 'SIGKILL');
    const [orphan] = [...children.values()];
    expect(isRunning(orphan!)).toBe(true);
    expect(await place.run('run', 'other.yaml', '--no-report')).toMatchObject({ code: 0 });
    expect(isRunning(orphan!)).toBe(false);
  });
});

describe('a run that is interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const)(
    'by %s ends its children even where they hear nothing, keeps what is done and exits with %i',
    async (signal, code) => {
      const place = new Workplace();
      place.experiment('stuck', { solvers: [{ arithmetic: { steps: 1, fault: 'hang' } }], workers: 1 });
      const end = await runUntilStep(place, ['run', 'stuck.yaml'], 1, signal);
      expect(end.code).toBe(code);
      expect([...end.children.values()].filter(isRunning)).toEqual([]);
      expect(await place.status('stuck')).toMatchObject({
        done: 16,
        failed: 0,
        todo: 16,
        runningPid: null,
        lastRun: { outcome: 'interrupted' },
      });
    },
  );
});

/** What a reader sees of an experiment of which the baseline's 16 cells are done, and none of the solver's. */
async function expectNumbersSoFar(place: Workplace) {
  for (const args of [
    ['report', 'stuck'],
    ['status', 'stuck'],
  ]) {
    const { code, stdout } = await place.run(...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ observed mean +8 × 2 +\d+\.\d\d ± /m);
    expect(stdout).toContain('partial, so far 16 of 32 cells have results, 0 failed');
  }
}

it('the numbers of what is done are shown when a run was interrupted, and while one is at work', async () => {
  const place = new Workplace();
  place.experiment('stuck', { solvers: [{ arithmetic: { steps: 1, fault: 'hang' } }], workers: 1 });
  await runUntilStep(place, ['run', 'stuck.yaml'], 1, 'SIGINT');
  await expectNumbersSoFar(place);
  let seen: Promise<void> | undefined;
  const env = await hearSteps(() => {
    seen ??= expectNumbersSoFar(place).finally(() => running.process.kill('SIGTERM'));
  });
  const running = place.start(['run', 'stuck.yaml'], env);
  expect((await running.ended).code).toBe(143);
  await seen;
});

describe('a second run of an experiment in the same folder', () => {
  it('is refused with the number of the process that is in the way', async () => {
    const place = new Workplace();
    place.experiment('stuck', { solvers: [{ arithmetic: { steps: 1, fault: 'hang' } }], workers: 1 });
    let second: Promise<unknown> | undefined;
    const env = await hearSteps(() => {
      second ??= place.run('run', 'stuck.yaml').then(async (end) => {
        expect(end.code).toBe(2);
        expect(end.stderr).toContain(`another run of stuck is at work here (process ${first.process.pid}`);
        expect(await place.status('stuck')).toMatchObject({ runningPid: first.process.pid });
        first.process.kill('SIGTERM');
      });
    });
    const first = place.start(['run', 'stuck.yaml'], env);
    expect((await first.ended).code).toBe(143);
    await second;
  });
});

describe('a finished experiment', () => {
  it('runs again without computing anything', async () => {
    const place = new Workplace();
    place.experiment('one');
    await place.run('run', 'one.yaml', '--no-report');
    const { lastRun } = await place.status('one');
    let steps = 0;
    const env = await hearSteps(() => steps++);
    const again = await place.start(['run', 'one.yaml', '--json'], env).ended;
    expect(JSON.parse(again.stdout)).toMatchObject({
      outcome: 'finished',
      cached: 48,
      solved: 0,
      seconds: 0,
    });
    expect(steps).toBe(0);
    expect((await place.status('one')).lastRun).toEqual(lastRun);
  });

  it('computes only what is new when its grid grows', async () => {
    const place = new Workplace();
    place.experiment('one');
    await place.run('run', 'one.yaml', '--no-report');
    place.experiment('one', { solvers: [{ arithmetic: { gain: [0.2, 0.5, 0.9], steps: 5 } }] });
    const again = await place.run('run', 'one.yaml', '--no-report', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ cached: 48, solved: 16 });
  });

  it('only scores when a metric is added', async () => {
    const place = new Workplace();
    place.experiment('one', { metrics: ['psnr'] });
    await place.run('run', 'one.yaml', '--no-report');
    place.experiment('one', { metrics: ['psnr', 'ssim'] });
    const again = await place.run('run', 'one.yaml', '--no-report', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ cached: 48, solved: 0 });
    const both = new Workplace();
    both.experiment('one');
    await both.run('run', 'one.yaml', '--no-report');
    expect(await place.rows('one')).toBe(await both.rows('one'));
  });
});

describe('the number of workers', () => {
  it('changes no value', async () => {
    const [one, two] = [new Workplace(), new Workplace()];
    for (const [place, workers] of [
      [one, '1'],
      [two, '2'],
    ] as const) {
      place.experiment('one');
      expect(await place.run('run', 'one.yaml', '--no-report', '--workers', workers)).toMatchObject({
        code: 0,
      });
    }
    expect(await one.rows('one')).toBe(await two.rows('one'));
  });
});
