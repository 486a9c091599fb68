import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { identify, isRunning } from '../../harness/processes.ts';
import { logFile } from '../../harness/scheduler/slurm/sbatch-script.ts';
import { type Ended, hearSteps } from '../e2e/cli.ts';
import { oneNodeSlurm, processors, SLURM, whyNoSlurm } from '../support/one-node-slurm.ts';
import { holdSteps, parentOf, SlurmPlace } from './slurm-place.ts';

// Elements are jobs, and Slurm has its own times: a node is lost after half a minute, a requeued job waits.
vi.setConfig({ testTimeout: 600_000 });

const gains = (...gain: number[]) => ({ solvers: [{ arithmetic: { gain, steps: 5 } }] });
/** Eight cells and the baseline's four, in three elements. */
const few = { data: { set: 'toyfaces', split: 'test', count: 4 }, seeds: [0], ...gains(0.2, 0.5) };
const RUN_FEW = ['run', 'few.yaml', '--no-report'];
const HERE = ['--no-report', '--executor', 'local', '--results'];

describe.skipIf(!SLURM)(`experiments on a Slurm of one node${whyNoSlurm}`, () => {
  const slurm = oneNodeSlurm([processors(6), 'MinJobAge=2', 'SlurmdTimeout=4']);

  /** Elements that Slurm has of an array. */
  const inQueue = async (job: string | null, states = 'PENDING,RUNNING,COMPLETING') => {
    const printed = await slurm.command('squeue', '-h', '-r', '-t', states, '-o', '%F');
    return printed.split('\n').filter((line) => line.trim() === job).length;
  };

  const started = async () => {
    const place = new SlurmPlace(slurm);
    place.experiment('few', few);
    return place;
  };

  /** What this machine finds without a cluster. */
  let here: Awaited<ReturnType<SlurmPlace['found']>>;
  let limited: { place: SlurmPlace; lives: Set<number>; left: Promise<Ended> };
  /** All 12 cells are there, as this machine finds them, and no element has found one that another had. */
  const expectAll = async (place: SlurmPlace) => {
    expect(await place.found('few')).toEqual(here);
    expect(place.solved).toEqual({ cells: 12, twice: [] });
    expect(await place.status('few')).toMatchObject({ done: 12, failed: 0, todo: 0 });
  };

  const cleanUps: (() => void)[] = [];
  const atEnd = (action: () => void) => void cleanUps.push(action);
  beforeAll(async () => {
    const alone = new SlurmPlace(slurm, atEnd);
    alone.experiment('few', few);
    expect(await alone.run('run', 'few.yaml', ...HERE, 'results')).toMatchObject({ code: 0 });
    here = await alone.found('few');
    expect(JSON.parse(here.rows)).toHaveLength(2 * 12);

    // It takes minutes, and nobody follows it: the other tests go on meanwhile.
    const place = new SlurmPlace(slurm, atEnd);
    const data = { ...few.data, count: 24 };
    place.experiment('limited', { ...few, ...gains(0.2), data, batch: 1 }, { time: '1m', batches: 100 });
    const lives = new Set<number>();
    const env = await hearSteps((pid) => {
      lives.add(pid);
      return lives.size === 1 ? delay(1000) : undefined;
    }, atEnd);
    const run = place.start(['run', 'limited.yaml', '--no-report'], env);
    limited = { place, lives, left: run.ended };
    while (lives.size === 0) await delay(200);
    run.process.kill('SIGINT');
    return () => {
      for (const action of cleanUps) action();
    };
  }, 600_000);

  it('an array finds 40 cells bit for bit as workers of this machine do', async () => {
    const place = new SlurmPlace(slurm);
    place.experiment('forty', { ...few, seeds: [0, 1], ...gains(0.2, 0.3, 0.5, 0.8) });
    const end = await place.run('run', 'forty.yaml', '--no-report', '--json');
    expect(end.code, end.stderr).toBe(0);
    expect(JSON.parse(end.stdout)).toMatchObject({ total: 40, solved: 40, failed: 0 });
    expect(place.arrays.map(({ entries }) => entries.length)).toEqual([10]);
    expect(place.solved).toEqual({ cells: 40, twice: [] });

    const alone = new SlurmPlace(slurm);
    alone.experiment('forty', { ...few, seeds: [0, 1], ...gains(0.2, 0.3, 0.5, 0.8) });
    expect(await alone.run('run', 'forty.yaml', ...HERE, 'results')).toMatchObject({ code: 0 });
    const found = await place.found('forty');
    expect(found).toEqual(await alone.found('forty'));
    expect(Object.keys(found.files).length).toBeGreaterThanOrEqual(40);
    expect(JSON.parse(found.rows)).toHaveLength(2 * 40);
  });

  it('--dry-run prints the script and submits nothing', async () => {
    const place = await started();
    const { code, stdout } = await place.run(...RUN_FEW, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^#SBATCH --array=0-2%4$/m);
    expect(stdout).toMatch(/^exec .* element .* 0 "\$SLURM_ARRAY_TASK_ID"$/m);
    expect(existsSync(place.results)).toBe(false);
  });

  it('a worker of an element that is killed costs its batch, which is tried again there', async () => {
    const place = await started();
    const steps = await holdSteps();
    const run = place.start(RUN_FEW, steps.env);
    process.kill(await steps.first(run), 'SIGKILL');
    steps.goOn();
    expect(await run.ended).toMatchObject({ code: 0 });
    await expectAll(place);
    const [submission] = place.submissions;
    const [{ job, entries }, ...more] = submission!.arrays() as [(typeof place.arrays)[0]];
    expect(more).toEqual([]);
    const logs = entries.map((_, i) => readFileSync(logFile(join(submission!.dir, 'logs'), job!, i), 'utf8'));
    expect(logs.filter((log) => /^lost: .*; trying again$/m.test(log))).toHaveLength(1);
  });

  it('an element that is killed is submitted again', async () => {
    const place = await started();
    const steps = await holdSteps();
    const run = place.start(RUN_FEW, steps.env);
    const child = identify(await steps.first(run))!;
    process.kill(parentOf(child.pid), 'SIGKILL');
    steps.goOn();
    expect(await run.ended).toMatchObject({ code: 0 });
    await expectAll(place);
    expect(place.arrays.map(({ entries }) => entries.length)).toEqual([3, 1]);
    expect(isRunning(child)).toBe(false);
  });

  it('an element that Slurm requeues goes on where it was', async () => {
    const place = await started();
    const steps = await holdSteps();
    const run = place.start(RUN_FEW, steps.env);
    await steps.first(run);
    // One that waits at a step: a baseline's may be over by now.
    const [submission] = place.submissions;
    const { slice } = place.parts
      .map(({ life }) => life)
      .find((life) => submission!.slice(life.slice).batches[0]!.batch.method.kind === 'solver')!;
    const [{ job, entries }] = place.arrays as [(typeof place.arrays)[0]];
    const index = entries.findIndex((entry) => entry.slice === slice);
    await slurm.command('scontrol', 'requeue', `${job}_${index}`);
    steps.goOn();
    expect(await run.ended).toMatchObject({ code: 0 });
    await expectAll(place);
    expect(place.arrays).toHaveLength(1);
    expect(place.parts.map(({ life }) => life.restart).sort()).toEqual([0, 0, 0, 1]);
  });

  it('one process follows the jobs, a second is told who; when it is killed, collect goes on', async () => {
    const place = await started();
    const steps = await holdSteps();
    const run = place.start(RUN_FEW, steps.env);
    await steps.first(run);
    const { pid } = run.process;
    const [again, collect, cancel] = await Promise.all([
      place.run(...RUN_FEW),
      place.run('collect', 'few'),
      place.run('cancel', 'few'),
    ]);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining(`process ${pid}`) });
    expect(collect).toMatchObject({ code: 2, stderr: expect.stringContaining(`(process ${pid} on `) });
    expect(cancel).toMatchObject({ code: 2, stderr: expect.stringContaining(`(process ${pid} on `) });
    run.process.kill('SIGKILL');
    expect((await run.ended).signal).toBe('SIGKILL');
    expect((await place.run('status', 'few')).stdout).toMatch(
      /^few: Slurm has its jobs of \S+; elements: \d running on n1/m,
    );
    steps.goOn();
    expect(await place.run('collect', 'few', '--no-report')).toMatchObject({ code: 0 });
    await expectAll(place);
    expect(place.arrays).toHaveLength(1);
    const over = await place.run('collect', 'few');
    expect(over).toMatchObject({ code: 2, stderr: expect.stringContaining('no jobs of few are under way') });
  });

  it('Ctrl-C leaves the jobs alone; cancel ends them, and the same run goes on', async () => {
    const place = await started();
    const steps = await holdSteps();
    const run = place.start(RUN_FEW, steps.env);
    const child = identify(await steps.first(run))!;
    run.process.kill('SIGINT');
    const detached = await run.ended;
    expect(detached).toMatchObject({ code: 130, stderr: expect.stringContaining('tweedie collect few') });
    const [{ job }] = place.arrays as [(typeof place.arrays)[0]];
    expect(isRunning(child)).toBe(true);
    expect(await inQueue(job)).toBeGreaterThan(0);

    const cancelled = await place.run('cancel', 'few');
    expect(cancelled).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^few: its jobs of .* are ended/),
    });
    expect(await inQueue(job)).toBe(0);
    expect(isRunning(child)).toBe(false);
    const status = await place.run('status', 'few');
    expect(status.stdout).not.toContain('Slurm has its jobs');
    expect((await place.status('few')).todo).toBeGreaterThan(0);

    steps.goOn();
    expect(await place.run(...RUN_FEW)).toMatchObject({ code: 0 });
    await expectAll(place);
    expect(place.submissions).toHaveLength(2);
  });

  it('a copy of the folder goes on by itself: its elements write there, and nothing where it was copied from', async () => {
    const place = await started();
    const steps = await holdSteps();
    const run = place.start(RUN_FEW, steps.env);
    await steps.first(run);
    run.process.kill('SIGKILL');
    await run.ended;
    const copy = new SlurmPlace(slurm);
    cpSync(place.results, copy.results, { recursive: true });
    steps.goOn();
    const [{ job }] = place.arrays as [(typeof place.arrays)[0]];
    while ((await inQueue(job)) > 0) await delay(200);
    rmSync(place.results, { recursive: true });
    expect(await copy.run('collect', 'few', '--no-report')).toMatchObject({ code: 0 });
    await expectAll(copy);
    expect(existsSync(place.results)).toBe(false);
  });

  it('two experiments are followed side by side in one folder', async () => {
    const place = await started();
    place.experiment('others', { ...few, ...gains(0.5, 0.8) });
    const ends = await Promise.all([place.run(...RUN_FEW), place.run('run', 'others.yaml', '--no-report')]);
    expect(
      ends.map(({ code }) => code),
      ends.map(({ stderr }) => stderr).join(''),
    ).toEqual([0, 0]);
    expect(await place.rows('few')).toBe(here.rows);
    expect(await place.status('others')).toMatchObject({ total: 12, done: 12, failed: 0 });
  });

  it('an element whose time is over is warned, ends after its batch, and is begun again though nobody follows it', async () => {
    const { place, lives, left } = limited;
    expect(await left).toMatchObject({ code: 130 });
    const [{ job }, ...others] = place.arrays as [(typeof place.arrays)[0]];
    while ((await inQueue(job)) > 0) await delay(1000);
    expect(others).toEqual([]);
    expect(place.solved).toEqual({ cells: 48, twice: [] });
    const ends = place.parts.map(({ end, outcomes }) => ({ kind: end?.kind, any: outcomes.length > 0 }));
    expect(ends).toContainEqual({ kind: 'paused', any: true });
    // One for the solver, one for the baseline.
    expect(ends.filter(({ kind }) => kind === 'finished')).toHaveLength(2);
    expect(lives.size).toBeGreaterThan(1);
    expect(await place.run('collect', 'limited', '--no-report')).toMatchObject({ code: 0 });
    expect(place.arrays).toHaveLength(1);
    expect(await place.status('limited')).toMatchObject({ total: 48, done: 48, failed: 0 });
  });

  it('a node whose daemon is away for a while loses nothing', async () => {
    const place = await started();
    const steps = await holdSteps();
    const run = place.start(RUN_FEW, steps.env);
    await steps.first(run);
    await slurm.kill('slurmd');
    steps.goOn();
    while (!place.parts.some(({ end }) => end?.kind === 'finished')) await delay(200);
    await slurm.start('slurmd');
    expect(await run.ended).toMatchObject({ code: 0 });
    await expectAll(place);
  });

  it('the elements of a node that is lost begin again on it, without their old lives', async () => {
    const place = await started();
    const steps = await holdSteps();
    const run = place.start(RUN_FEW, steps.env);
    const ghost = identify(await steps.first(run))!;
    const [{ job }] = place.arrays as [(typeof place.arrays)[0]];
    while ((await inQueue(job, 'RUNNING')) === 0) await delay(200);
    await slurm.kill('slurmd');
    while ((await inQueue(job, 'RUNNING')) > 0) await delay(500);
    expect(isRunning(ghost)).toBe(true);
    await slurm.start('slurmd');
    while (isRunning(ghost)) await delay(200);
    steps.goOn();
    expect(await run.ended).toMatchObject({ code: 0 });
    await expectAll(place);
    expect(place.parts.filter(({ life }) => life.restart > 0).length).toBeGreaterThan(0);
  });
});
