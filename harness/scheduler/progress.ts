import { type GenericFormatter, MultiBar, type SingleBar } from 'cli-progress';
import { aloneOf, byMethod } from '../identity/batch-methods.ts';
import type { Batch } from '../identity/refs.ts';
import type { Plan } from '../plan/plan.ts';
import type { FailureKind, ScoreRecord } from '../store/records.ts';
import { counted } from '../text/count.ts';
import { MESSAGE, NAME, printable } from '../text/terminal.ts';
import { BatchNames } from './batch-names.ts';
import type { RunEvents } from './events.ts';
import { PATIENCE_SECONDS } from './patience.ts';
import type { RunProgress } from './run-progress.ts';
import type { RunningMeans } from './running-means.ts';

/** Shows a run to a person; `stop` leaves the terminal as it was. */
export interface ProgressDisplay extends RunEvents {
  stop(): void;
}

const BAR_WIDTH = 20;
const SECONDS_BETWEEN_LINES = 15;
/** Failures that are printed; a message may hold a number that makes each another. */
const FAILURE_LINES = 50;

/**
 * One bar a worker with its method's mean numbers so far, a line for the whole, and above them a line for each method that
 * is done with a setting; on a terminal.
 */
export function showBars(
  progress: RunProgress,
  means: RunningMeans,
  plan: Plan,
  leases: readonly string[],
): ProgressDisplay {
  const names = new BatchNames(plan);
  const width = Math.max(0, ...leases.map((lease) => lease.length));
  const workerLine: GenericFormatter = (_, __, { lease }: { lease: string }) => {
    const batch = progress.batches.get(lease);
    if (!batch) return lease.padEnd(width);
    const { done, total } = batch;
    const filled = total > 0 ? Math.round((BAR_WIDTH * done) / total) : 0;
    const bar = '#'.repeat(filled) + '-'.repeat(BAR_WIDTH - filled);
    const left = progress.batchSecondsLeft(lease);
    const parts = byMethod(batch.batch);
    const numbers = parts.length === 1 ? means.about(batch.batch) : '';
    const ending = [left === null ? '' : `${Math.ceil(left)} s left`, numbers].filter(Boolean);
    const step = total > 0 ? `step ${String(done).padStart(String(total).length)}/${total}` : 'starting';
    return `${lease.padEnd(width)}  ${describe(batch.batch, names)}  ${step}  ${bar}  ${ending.join('  ')}`;
  };
  const bars = new MultiBar({
    fps: 5,
    hideCursor: true,
    gracefulExit: false,
    linewrap: null,
    forceRedraw: true,
  });
  const workers = new Map<string, SingleBar>(
    leases.map((lease) => [lease, bars.create(1, 0, { lease }, { format: workerLine })]),
  );
  let scoring = progress.total > 0 ? null : 'scoring';
  const whole = bars.create(
    1,
    0,
    {},
    { format: () => `${' '.repeat(width)}  ${scoring ?? overall(progress)}` },
  );
  const refresh = (lease: string) => {
    workers.get(lease)?.update({ lease });
    whole.update({});
  };
  return {
    ...telling(progress, means, names, (line) => bars.log(`${line}\n`)),
    step: (lease, done, total) => {
      progress.step(lease, done, total);
      refresh(lease);
    },
    jobs: (line) => {
      progress.jobs = line;
      whole.update({});
    },
    scoring: (done, total) => {
      scoring = scoringLine(done, total);
      whole.update({});
    },
    stop: () => bars.stop(),
  };
}

/**
 * Where the output is not a terminal: a line for each method that is done with a setting, and now and then one that says
 * how far the run is, with the mean numbers so far of what is at work.
 */
export function showLines(
  progress: RunProgress,
  means: RunningMeans,
  plan: Plan,
  print: (line: string) => void,
): ProgressDisplay {
  const names = new BatchNames(plan);
  const tell = telling(progress, means, names, print);
  let printed = performance.now();
  const nowAndThen = (line: string) => {
    const now = performance.now();
    if (now - printed < SECONDS_BETWEEN_LINES * 1000) return;
    printed = now;
    print(line);
  };
  return {
    ...tell,
    solved: (cellKey, batch, scores) => {
      tell.solved(cellKey, batch, scores);
      nowAndThen([overall(progress), ...soFar(progress, means, names)].join('; '));
    },
    jobs: (line) => {
      tell.jobs(line);
      nowAndThen(overall(progress));
    },
    scoring: (done, total) => nowAndThen(scoringLine(done, total)),
  };
}

/** Shows nothing. */
export function showNothing(progress: RunProgress): ProgressDisplay {
  return counting(progress);
}

function counting(progress: RunProgress): ProgressDisplay {
  return {
    batch: (lease, batch) => progress.begin(lease, batch),
    step: (lease, done, total) => progress.step(lease, done, total),
    batchEnd: (lease) => void progress.batches.delete(lease),
    solved: (cellKey) => progress.finish(cellKey, 'solved'),
    failed: (cellKey) => progress.finish(cellKey, 'failed'),
    retrying: () => {},
    waiting: () => {},
    elsewhere: (cellKey, _, how) => progress.finish(cellKey, how),
    awaiting: () => {},
    jobs: (line) => {
      progress.jobs = line;
    },
    note: () => {},
    scoring: () => {},
    stop: () => {},
  };
}

/** The same, and prints failures, second tries and what a method that is done with a setting has got. */
function telling(
  progress: RunProgress,
  means: RunningMeans,
  names: BatchNames,
  print: (line: string) => void,
): ProgressDisplay {
  const once = distinct(print);
  const place = (batch: Batch) => `${names.method(batch)} on ${names.setting(batch)}`;
  const finish = (batch: Batch, scores: readonly ScoreRecord[]) => {
    const isLast = means.finish(batch, scores);
    const about = means.about(batch);
    if (isLast && about) print(`${place(batch)}: ${about}`);
  };
  return {
    ...counting(progress),
    solved: (cellKey, batch, scores) => {
      progress.finish(cellKey, 'solved');
      finish(aloneOf(batch, cellKey), scores);
    },
    failed: (cellKey, batch, kind, message) => {
      progress.finish(cellKey, 'failed');
      const cell = aloneOf(batch, cellKey);
      once(failureLine(cell, place(cell), kind, message), failureKey(cell, kind, message));
      finish(cell, []);
    },
    retrying: (batch, kind, message, howMany) => {
      once(
        retryLine(batch, place(batch), kind, message, howMany),
        `${howMany} ${failureKey(batch, kind, message)}`,
      );
    },
    elsewhere: (cellKey, batch, how) => {
      progress.finish(cellKey, how);
      finish(aloneOf(batch, cellKey), []);
    },
    awaiting: (cells) => {
      once(
        `another run is solving ${counted(cells, 'cell')} that this one lacks; waiting for it`,
        'awaiting',
      );
    },
    note: (line) => print(printable(line, MESSAGE)),
    waiting: () => print(`another process keeps the results locked; waiting ${PATIENCE_SECONDS} s for it`),
  };
}

function overall(progress: RunProgress): string {
  const { solved, failed, total, jobs } = progress;
  const elements = jobs === '' ? '' : `; elements: ${jobs}`;
  return `${solved}/${total} done, ${failed} failed, ETA ${clock(progress.secondsLeft())}${elements}`;
}

/** `p2l promptSteps=3 on super-resolution: psnr 26.29 (8 images)` of each method at work that has a number. */
function soFar({ batches }: RunProgress, means: RunningMeans, names: BatchNames): string[] {
  const parts = [...batches.values()].flatMap(({ batch }) => byMethod(batch));
  const lines = parts.flatMap((part) => {
    const about = means.about(part);
    return about ? [`${names.method(part)} on ${names.setting(part)}: ${about}`] : [];
  });
  return [...new Set(lines)];
}

function scoringLine(done: number, total: number): string {
  return `scoring ${done}/${total}`;
}

/** `5:20`, `1:05:00`. */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `p2l promptSteps=3  super-resolution factor=8  toyfaces test/0 +3`. */
function describe(batch: Batch, names: BatchNames): string {
  const { setting, items } = batch;
  const more = items.length > 1 ? ` +${items.length - 1}` : '';
  const picture = printable(`${setting.data.name} ${items[0]!.id}`, NAME);
  return `${names.method(batch)}  ${names.setting(batch)}  ${picture}${more}`;
}

/** Prints what has a new key, up to a number of lines: a solver that fails on every image in the same way says so once. */
function distinct(print: (line: string) => void): (line: string, key: string) => void {
  const seen = new Set<string>();
  return (line, key) => {
    if (seen.has(key)) return;
    seen.add(key);
    if (seen.size <= FAILURE_LINES) print(line);
    if (seen.size === FAILURE_LINES)
      print('further failures are stored and not printed; see: tweedie status');
  };
}

function failureKey({ method, setting }: Batch, kind: FailureKind, message: string): string {
  return JSON.stringify([kind, method.key, setting.key, message]);
}

function failureLine({ items }: Batch, place: string, kind: FailureKind, message: string): string {
  const { id, seed } = items[0]!;
  return `failed (${kind}): ${place}, ${printable(id, NAME)}, seed ${seed}: ${printable(message, MESSAGE)}`;
}

function retryLine(batch: Batch, place: string, kind: FailureKind, message: string, howMany: number): string {
  const how = howMany > 1 ? 'image by image' : 'again';
  return `${kind}: ${place}, batch of ${batch.items.length}: ${printable(message, MESSAGE)}; trying ${how}`;
}
