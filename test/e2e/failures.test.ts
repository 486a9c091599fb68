import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Ended, Workplace } from './cli.ts';

// Each test starts the program several times, and each start loads the native libraries in several processes.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

interface FailedCell {
  params: { fault: string };
  item: string;
  kind: string;
  message: string;
  logTail: string;
  attempts: number;
}

const FAULTS = ['none', 'nan', 'error', 'memory', 'crash', 'crash in batches', 'shape'];

describe('a solver that fails leaves failed rows of its kind, and its siblings go on:', () => {
  const cleanUp: (() => void)[] = [];
  const place = new Workplace((action) => cleanUp.push(action));
  let end: Ended;
  let cells: FailedCell[];

  beforeAll(async () => {
    place.experiment('one', {
      data: { set: 'toyfaces', count: 2 },
      seeds: [0],
      solvers: [{ arithmetic: { steps: 1, fault: FAULTS } }],
    });
    end = await place.run('run', 'one.yaml', '--no-report');
    cells = (await place.status('one')).failedCells;
  });
  afterAll(() => {
    for (const action of cleanUp) action();
  });

  const failed = (fault: string) => cells.filter(({ params }) => params.fault === fault);

  it('the run ends as a whole, with exit code 1', async () => {
    expect(end.code).toBe(1);
    expect(failed('none')).toEqual([]);
    expect(await place.status('one')).toMatchObject({
      total: 16,
      done: 7,
      failed: 9,
      todo: 0,
      failures: { nan: 1, 'solver-error': 4, oom: 2, crashed: 2 },
      lastRun: { outcome: 'finished' },
    });
  });

  it('a crash is tried again as it was, then image by image', () => {
    expect(failed('crash')).toMatchObject([
      { kind: 'crashed', attempts: 3, message: 'the worker process was ended by SIGABRT' },
      { kind: 'crashed', attempts: 3 },
    ]);
    expect(end.stderr).toMatch(/batch of 2: .*SIGABRT; trying again/);
    expect(end.stderr).toMatch(/batch of 2: .*SIGABRT; trying image by image/);
  });

  it('a crash that needs a batch costs nothing in the end', () => {
    expect(failed('crash in batches')).toEqual([]);
  });

  it('a result that is not finite fails at once, alone in its batch', () => {
    expect(failed('nan')).toMatchObject([
      {
        item: 'test/00000',
        kind: 'nan',
        attempts: 1,
        message: '768 of 768 values of the result are not finite',
      },
    ]);
  });

  it('an error keeps its message, and its stack in the log', () => {
    const [cell] = failed('error');
    expect(cell).toMatchObject({
      kind: 'solver-error',
      message: expect.stringMatching(/arithmetic\.js:\d+:\d+: this solver never works$/),
      attempts: 2,
    });
    expect(cell!.logTail).toContain('arithmetic.js');
  });

  it('an allocation that fails is a want of memory', () => {
    expect(failed('memory')).toMatchObject([{ kind: 'oom' }, { kind: 'oom' }]);
  });

  it('a result of the wrong shape is an error that says so', () => {
    expect(failed('shape')[0]!.message).toMatch(
      /arithmetic\.js:\d+:\d+: arithmetic returned \[1,3,8,8\], expected \[1,3,16,16\]$/,
    );
  });

  it('run leaves failed cells alone; retry runs those of the given kinds', async () => {
    const attempts = async () => {
      const { failedCells } = await place.status('one');
      return failedCells.map((cell: FailedCell) => `${cell.kind} ${cell.attempts}`);
    };
    const before = ['nan 1', 'solver-error 2', 'solver-error 2', 'oom 2', 'oom 2', 'crashed 3', 'crashed 3'];
    const shape = ['solver-error 2', 'solver-error 2'];
    expect((await place.run('run', 'one.yaml', '--no-report')).code).toBe(1);
    expect(await attempts()).toEqual([...before, ...shape]);
    await place.run('retry', 'one.yaml', '--no-report', '--only', 'nan,oom');
    expect(await attempts()).toEqual([
      'nan 2',
      ...before.slice(1, 3),
      'oom 4',
      'oom 4',
      ...before.slice(5),
      ...shape,
    ]);
  });
});

describe('a solver that never ends', () => {
  it('is stopped, even where it hears nothing', async () => {
    const place = new Workplace();
    place.experiment('one', {
      data: { set: 'toyfaces', count: 1 },
      seeds: [0],
      solvers: [{ arithmetic: { steps: 1, fault: ['hang', 'none'] } }],
    });
    await place.run('run', 'one.yaml', '--no-report', '--timeout', '8');
    const status = await place.status('one');
    expect(status).toMatchObject({ done: 2, failures: { timeout: 1 } });
    expect(status.failedCells).toMatchObject([
      {
        message: expect.stringMatching(/arithmetic\.js:\d+:\d+: stopped after 8 s \(--timeout\)$/),
        attempts: 2,
      },
    ]);
  });
});

describe('--fail-fast', () => {
  it('stops the run at the first failed cell; the rest stays to do', async () => {
    const place = new Workplace();
    place.experiment('one', { solvers: [{ arithmetic: { steps: 1, fault: ['nan', 'none'] } }] });
    const end = await place.run('run', 'one.yaml', '--no-report', '--fail-fast', '--workers', '1');
    expect(end.code).toBe(1);
    const status = await place.status('one');
    expect(status).toMatchObject({ failures: { nan: 1 }, lastRun: { outcome: 'stopped' } });
    expect(status.todo).toBeGreaterThan(0);
  });
});

describe('retry --only', () => {
  it('names the nearest kind for a mistaken one', async () => {
    const place = new Workplace();
    place.experiment('one');
    expect(await place.run('retry', 'one.yaml', '--only', 'oom,timout')).toMatchObject({
      code: 2,
      stderr: '--only: unknown kind of failure "timout": did you mean "timeout"?\n',
    });
  });
});
