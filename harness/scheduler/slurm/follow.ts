import type { Store } from '../../store/store.ts';
import { some } from '../../text/some.ts';
import type { RunEvents, RunSummary } from '../events.ts';
import { PatientWriter } from '../patience.ts';
import { troubleOf } from '../trouble.ts';
import type { Clock } from './clock.ts';
import type { Cluster } from './cluster.ts';
import { Driver } from './driver.ts';
import type { JobCounts } from './elements.ts';
import { Ingest } from './ingest.ts';
import type { Submission } from './submission.ts';

/** With what submissions are followed. */
export interface Following {
  readonly cluster: Cluster;
  /** What starts this program. */
  readonly program: readonly string[];
  readonly clock: Clock;
  /** Aborting it leaves the jobs alone. */
  readonly signal: AbortSignal;
  readonly events: RunEvents;
  /** False: looks once. */
  readonly wait: boolean;
}

/** What has become of a submission. */
export type Followed = Pick<RunSummary, 'outcome' | 'solved' | 'failed' | 'trouble'>;

/** Takes in what the elements of a submission have found, until nothing is at work any more. */
export async function follow(
  submission: Submission,
  store: Store,
  { cluster, program, clock, signal, events, wait }: Following,
): Promise<Followed> {
  const writer = new PatientWriter(store, signal, () => events.waiting());
  const ingest = new Ingest(store, writer, submission.spec.version, submission.slices(), events);
  const driver = new Driver(submission, cluster, ingest, program, clock, {
    jobs: (counts) => events.jobs(jobsLine(counts)),
    tell: (line) => events.note(line),
  });
  const found = () => ({ solved: ingest.solved, failed: ingest.failed });
  try {
    if (wait) await driver.follow(signal);
    else await driver.look();
  } catch (error) {
    return { ...found(), outcome: 'stopped', trouble: troubleOf(error, store.dir) };
  }
  if (!driver.isOver) return { ...found(), outcome: 'interrupted', trouble: null };
  submission.keepEnd('finished');
  const [why] = driver.left.values();
  const trouble = why === undefined ? null : `an element ${why}`;
  return { ...found(), outcome: trouble === null ? 'finished' : 'stopped', trouble };
}

/** `12 running on n1, n2, 30 pending, 8 ended`. */
export function jobsLine({ pending, running, unknown, ended, nodes }: JobCounts): string {
  return [
    ...(running > 0 ? [`${running} running on ${some(nodes, SHOWN)}`] : []),
    ...(pending > 0 ? [`${pending} pending`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    `${ended} ended`,
  ].join(', ');
}

/** Nodes that a line has room for. */
const SHOWN = 4;
