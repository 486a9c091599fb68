import { UserError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import { PatientWriter } from '../patience.ts';
import type { Clock } from './clock.ts';
import type { Cluster } from './cluster.ts';
import { elementsOf, stateOf, statesOf } from './elements.ts';
import { Ingest, type IngestEvents } from './ingest.ts';
import type { Submission } from './submission.ts';

const BETWEEN_LOOKS_MS = 2000;
/** An element that is told to end writes down what it has; Slurm kills it after half a minute. */
const LAST_WORDS_MS = 60_000;

/** Ends all jobs of a submission and takes in what they have found. @returns cells that were taken in */
export async function cancelSubmission(
  submission: Submission,
  store: Store,
  cluster: Cluster,
  clock: Clock,
  signal: AbortSignal,
): Promise<number> {
  const elements = [...elementsOf(submission).values()];
  for (const { job } of submission.arrays()) if (job !== null) await cancelJob(cluster, job);
  const deadline = clock.now() + LAST_WORDS_MS;
  for (;;) {
    const states = await statesOf(cluster, elements);
    const isAlive = elements.some((element) =>
      ['pending', 'running'].includes(stateOf(element, states).kind),
    );
    if (!isAlive || clock.now() >= deadline || signal.aborted) break;
    await clock.wait(BETWEEN_LOOKS_MS, signal);
  }
  const writer = new PatientWriter(store, signal, () => {});
  const silent: IngestEvents = { solved: () => {}, failed: () => {}, note: () => {} };
  const ingest = new Ingest(store, writer, submission.spec.version, submission.slices(), silent);
  await ingest.read(submission.dir);
  submission.keepEnd('cancelled');
  return ingest.solved + ingest.failed;
}

/** One that Slurm knows no more has ended. */
async function cancelJob(cluster: Cluster, job: string): Promise<void> {
  try {
    await cluster.cancel(job);
  } catch (error) {
    if (!(error instanceof UserError) || !/invalid job id/i.test(error.message)) throw error;
  }
}
