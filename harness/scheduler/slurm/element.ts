import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { sha256 } from '../../identity/canonical.ts';
import { elementDevice } from '../../store/element-device.ts';
import { BatchRunner } from '../batch-runner.ts';
import { makeLeases } from '../leases.ts';
import { endProcessesOf, ProcessNote, readNote } from '../process-note.ts';
import { describeRun } from '../provenance.ts';
import type { WorkItem } from '../retry-policy.ts';
import { WorkerPool } from '../worker-pool.ts';
import { leftToDo } from './left-to-do.ts';
import { type Life, takeSlice } from './life.ts';
import { type PartEnd, partFiles, wholePart } from './part.ts';
import { PartWriter, Superseded } from './part-writer.ts';
import type { Submission } from './submission.ts';

/** What Slurm says to an element of itself. */
export interface Start {
  readonly array: number;
  /** In the array. */
  readonly index: number;
  readonly restart: number;
  /** Slurm's own number, e.g. `123_4`: for the person. */
  readonly job: string;
  /** Processors; null: all of the machine. */
  readonly cpus: number | null;
}

/** How an element is asked to end. */
export interface Pause {
  /** Aborted: no further batch is begun. */
  readonly asked: AbortSignal;
  /** Aborted: the batch at hand is given up. */
  readonly now: AbortSignal;
}

/** How a life of an element has ended. */
export interface ElementEnd {
  readonly kind: PartEnd['kind'];
  /** Cells that have got a result or a failure in it. */
  readonly settled: number;
}

/**
 * Works through a slice of a submission, on one device, and writes what becomes of it into a part file. Opens no database:
 * those of many nodes at once are what network file systems cannot do.
 */
export async function runElement(
  submission: Submission,
  start: Start,
  pause: Pause,
  tell: (line: string) => void,
): Promise<ElementEnd> {
  const { dir, spec, resultsDir } = submission;
  const entry = submission.array(start.array)?.entries[start.index];
  if (!entry) throw new UserError(`${dir}: array ${start.array} has no element ${start.index}`);
  const { slice: number } = entry;
  const life: Life = { slice: number, array: start.array, restart: start.restart };
  if (!takeSlice(dir, life)) return { kind: 'superseded', settled: 0 };
  const slice = submission.slice(number);
  const earlier = partFiles(dir).filter((part) => part.life.slice === number);
  const queue = leftToDo(
    slice.batches,
    earlier.flatMap(({ file }) => wholePart(file, tell) ?? []),
    entry,
  );
  const { device } = spec.groups[slice.group]!;
  const [lease] = makeLeases([{ device, slots: 1 }], { ...spec.lease, resultsDir }, start.cpus ?? undefined);
  const about = describeRun([lease!]);
  const writer = new PartWriter(dir, life, {
    ...about,
    argv: spec.argv,
    devices: about.devices.map((name) => elementDevice(name, start.job)),
  });
  const note = noteOf(dir, number, spec.experiment);
  const pool = new WorkerPool([lease!], note);
  const stop = () => void pool.killChildren();
  pause.now.addEventListener('abort', stop);
  let end: PartEnd['kind'] = 'paused';
  try {
    const runner = new BatchRunner(pool, spec, writer, telling(tell));
    end = await workThrough(queue, runner, writer, pause);
    writer.end({ kind: end, at: new Date().toISOString() });
    return { kind: end, settled: writer.settled };
  } catch (error) {
    if (error instanceof Superseded) {
      writer.end({ kind: 'superseded', at: new Date().toISOString() });
      return { kind: 'superseded', settled: writer.settled };
    }
    if (error instanceof UserError)
      writer.end({ kind: 'stopped', message: error.message, at: new Date().toISOString() });
    throw error;
  } finally {
    pause.now.removeEventListener('abort', stop);
    await pool.close();
    note.remove();
  }
}

async function workThrough(
  queue: WorkItem[],
  runner: BatchRunner,
  writer: PartWriter,
  { asked, now }: Pause,
): Promise<'finished' | 'paused'> {
  for (let item = queue.shift(); item; item = queue.shift()) {
    if (asked.aborted) return 'paused';
    writer.begin(item.wanted);
    queue.unshift(...(await runner.run(item, now)));
    if (now.aborted) return 'paused';
  }
  return 'finished';
}

/** On this machine's own disk: another's processes could not be ended from here. */
function noteOf(dir: string, slice: number, experiment: string): ProcessNote {
  const name = `${sha256(dir).slice(0, 16)}-${slice}.json`;
  const file = join(tmpdir(), `tweedie-${userInfo().uid}`, name);
  endProcessesOf(readNote(file));
  return new ProcessNote(file, experiment);
}

function telling(tell: (line: string) => void) {
  return {
    batch: () => {},
    step: () => {},
    batchEnd: () => {},
    retrying: (_: unknown, kind: string, message: string) => tell(`${kind}: ${message}; trying again`),
  };
}
