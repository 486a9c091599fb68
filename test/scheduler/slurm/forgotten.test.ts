/** Elements that Slurm has forgotten for good, and that have left no last word. */
import { expect, it } from 'vitest';
import { cancelSubmission } from '../../../harness/scheduler/slurm/cancel.ts';
import { follow } from '../../../harness/scheduler/slurm/follow.ts';
import { PartWriter } from '../../../harness/scheduler/slurm/part-writer.ts';
import { openSubmissions, type Submission } from '../../../harness/scheduler/slurm/submission.ts';
import { experimentStatus } from '../../../harness/store/queries.ts';
import type { Store } from '../../../harness/store/store.ts';
import { exampleRun, temporaryStore } from '../../store/example.ts';
import { slicesOfCells, solutionOf, submissionOf } from './cells.ts';
import { FakeClock, numbersFrom } from './fake-clock.ts';
import { FakeCluster } from './fake-cluster.ts';

const calm = {
  faults: { ghost: 0, node: 0, preempted: 0, timeout: 0, crashed: 0, forgotten: 0 },
  ...{ slots: 50, maxArraySize: 1001, maxSubmit: null, otherJobs: 0, silent: 0, deadly: new Set<string>() },
};
const slices = slicesOfCells(3, 2, 1);

/** Two of a job that no cluster knows: the second has found something before it vanished. */
async function forgotten(store: Store): Promise<Submission> {
  const submission = submissionOf(store, slices);
  const entries = slices.map((_, slice) => ({ slice, failures: 0, failed: [] }));
  submission.keepArray({ number: 0, group: 0, entries, job: '99' });
  const writer = new PartWriter(submission.dir, { slice: 1, array: 0, restart: 0 }, exampleRun);
  writer.begin(['c2']);
  await writer.solved(slices[1]!.batches[0]!.batch, solutionOf('c2'));
  writer.begin(['c3']);
  return submission;
}

/** Follows it for a quarter of an hour, or to its end. */
async function followed(store: Store, submission: Submission, cluster: FakeCluster, clock: FakeClock) {
  const leaving = new AbortController();
  clock.after(15 * 60, () => leaving.abort());
  cluster.submission = submission;
  const told: string[] = [];
  const events = {
    note: (line: string) => told.push(line),
    jobs: () => {},
    solved: () => {},
    failed: () => {},
  };
  const { outcome } = await follow(submission, store, {
    ...{ cluster, program: ['tweedie'], clock, signal: leaving.signal, wait: true },
    events: events as never,
  });
  return { outcome, told };
}

it('are waited for, and the person is told how to go on: cancel, and the same run again', async () => {
  const store = temporaryStore();
  const clock = new FakeClock();
  const cluster = new FakeCluster(clock, numbersFrom(1), calm);
  const submission = await forgotten(store);

  expect(await followed(store, submission, cluster, clock)).toEqual({
    outcome: 'interrupted',
    told: [
      'Slurm has known nothing for 10 minutes of 3 elements (99_0); asked again until it does. If they are gone: ' +
        'tweedie cancel example, and the same run again',
    ],
  });
  expect(experimentStatus(store, 'example')).toMatchObject({ done: 1, todo: 5 });

  const signal = new AbortController().signal;
  await cancelSubmission(submission, store, cluster, clock, signal);
  expect(openSubmissions(store.dir)).toEqual([]);

  const again = submissionOf(store, slices, 'second');
  expect(await followed(store, again, cluster, clock)).toEqual({ outcome: 'finished', told: [] });
  expect(experimentStatus(store, 'example')).toMatchObject({ done: 6, todo: 0 });
  expect(cluster.counts.lives).toBe(3);
});

it('cancel takes in what they have written, where nobody has followed them', async () => {
  const store = temporaryStore();
  const clock = new FakeClock();
  const cluster = new FakeCluster(clock, numbersFrom(1), calm);
  const submission = await forgotten(store);
  const signal = new AbortController().signal;
  expect(await cancelSubmission(submission, store, cluster, clock, signal)).toBe(1);
  expect(experimentStatus(store, 'example')).toMatchObject({ done: 1, todo: 5 });
  expect(submission.end()).toMatchObject({ kind: 'cancelled' });
});
