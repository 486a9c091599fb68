import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { PatientWriter } from '../../../harness/scheduler/patience.ts';
import { Driver } from '../../../harness/scheduler/slurm/driver.ts';
import { Ingest } from '../../../harness/scheduler/slurm/ingest.ts';
import type { Slice } from '../../../harness/scheduler/slurm/slices.ts';
import type { Store } from '../../../harness/store/store.ts';
import { submissionOf } from './cells.ts';
import { FakeClock, numbersFrom } from './fake-clock.ts';
import { FakeCluster, type Nature } from './fake-cluster.ts';

/** Where files wait for no disk, if there is such a place: each part file is flushed each time that it is written. */
export const IN_MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A driver that was killed in the midst of its work. */
class Killed extends Error {}

/** How it went. */
export interface Simulated {
  readonly cluster: FakeCluster;
  /** Results that drivers have put into the store. */
  readonly solved: ReadonlyMap<string, number>;
  readonly failed: ReadonlyMap<string, number>;
  readonly drivers: number;
  /** Of the cluster's clock. */
  readonly hours: number;
  /** CPU seconds of all drivers. */
  readonly cpuSeconds: number;
  /** What drivers have told. */
  readonly told: readonly string[];
  /** Slices that nobody goes on with. */
  readonly left: number;
}

/**
 * Follows a submission of the slices until it is over, on a cluster of such a nature; whenever a driver is killed another
 * begins.
 * @param kill how likely a driver is killed at a result that it stores
 */
export async function simulate(
  store: Store,
  slices: readonly Slice[],
  nature: Nature,
  seed: number,
  kill: number,
): Promise<Simulated> {
  // Nothing here outlives the test: no row needs to wait for a disk.
  store.db.pragma('synchronous = OFF');
  const clock = new FakeClock();
  const number = numbersFrom(seed);
  const cluster = new FakeCluster(clock, number, nature);
  const submission = submissionOf(store, slices);
  cluster.submission = submission;
  const [solved, failed, told] = [new Map<string, number>(), new Map<string, number>(), [] as string[]];
  const note = (where: Map<string, number>) => (cellKey: string) => {
    where.set(cellKey, (where.get(cellKey) ?? 0) + 1);
    if (number() < kill) throw new Killed();
  };
  const never = new AbortController().signal;
  const cpu = process.cpuUsage();
  for (let drivers = 1; ; drivers++) {
    const writer = new PatientWriter(store, never, () => {});
    const events = { solved: note(solved), failed: note(failed), note: (line: string) => told.push(line) };
    const ingest = new Ingest(store, writer, submission.spec.version, submission.slices(), events);
    const driver = new Driver(submission, cluster, ingest, ['tweedie'], clock, {
      jobs: () => {},
      tell: (line) => told.push(line),
    });
    try {
      await driver.follow(never);
      const hours = clock.now() / 3_600_000;
      const { user, system } = process.cpuUsage(cpu);
      const cpuSeconds = (user + system) / 1e6 - clock.others.seconds;
      return { cluster, solved, failed, drivers, hours, cpuSeconds, told, left: driver.left.size };
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
}
