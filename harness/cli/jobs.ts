import { UserError } from '../errors.ts';
import { type Cluster, NotNow } from '../scheduler/slurm/cluster.ts';
import { type JobCounts, jobCounts } from '../scheduler/slurm/elements.ts';
import type { Submission } from '../scheduler/slurm/submission.ts';
import { submissionsOf } from './by-slurm.ts';
import { clusterFor } from './followed-run.ts';

/** What Slurm has of one submission. */
export interface Jobs {
  /** When, ISO 8601, UTC. */
  readonly submitted: string;
  /** null: Slurm gives no answer. */
  readonly elements: JobCounts | null;
  /** Why there is none. */
  readonly trouble: string | null;
}

/** Of the submissions of an experiment that are under way, oldest first. */
export async function jobsOf(dir: string, experiment: string): Promise<Jobs[]> {
  const cluster = clusterFor(dir);
  return Promise.all(submissionsOf(dir, experiment).map((submission) => jobsIn(submission, cluster)));
}

/** What the store has is told all the same where Slurm does not answer. */
async function jobsIn(submission: Submission, cluster: Cluster): Promise<Jobs> {
  const { submitted } = submission.spec;
  try {
    return { submitted, elements: await jobCounts(submission, cluster), trouble: null };
  } catch (error) {
    if (error instanceof NotNow || error instanceof UserError)
      return { submitted, elements: null, trouble: error.message };
    throw error;
  }
}
