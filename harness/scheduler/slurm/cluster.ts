import type { Resources } from './resources.ts';

/** What an array element is doing, as far as it is known. */
export type ElementState =
  /** Queued, requeued, held, suspended, configuring. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'running'; readonly node: string }
  /** Ended in order: whether it has finished its slice, its part files say. */
  | { readonly kind: 'completed' }
  /** `said`: Slurm's own word, e.g. `TIMEOUT`, `FAILED 0:9`. */
  | { readonly kind: 'failed'; readonly failure: ElementFailure; readonly said: string }
  /** Nobody knows (yet): never treated as an end. */
  | { readonly kind: 'unknown'; readonly said: string };

export type ElementFailure = 'oom' | 'timeout' | 'node' | 'preempted' | 'cancelled' | 'crashed';

/** One array of equal elements. */
export interface ArrayJob {
  readonly name: string;
  /** The indices of the array. */
  readonly indices: readonly number[];
  /** Most elements at once; null: as many as the cluster lets. */
  readonly parallel: number | null;
  readonly resources: Resources;
  /** What an element runs, with absolute paths; the script appends "$SLURM_ARRAY_TASK_ID". */
  readonly command: readonly string[];
  /** Where the elements' output goes: an absolute folder. */
  readonly logDir: string;
}

/** Slurm, as the driver needs it. Every call may throw `NotNow`, or a UserError where Slurm refuses. */
export interface Cluster {
  /** `maxArraySize`: one more than the largest index. `maxSubmit`: elements of this user at once; null: no limit is known. */
  limits(): Promise<{ readonly maxArraySize: number; readonly maxSubmit: number | null }>;
  script(job: ArrayJob): string;
  /** @returns Slurm's job id. */
  submit(job: ArrayJob): Promise<string>;
  /** One batched query of several jobs. A job that Slurm has forgotten: its elements are `unknown`, or not there. */
  states(jobs: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<number, ElementState>>>;
  /** @param indices all elements where they are left out */
  cancel(job: string, indices?: readonly number[]): Promise<void>;
}

/** Slurm does not answer, or takes no more jobs for now: the same call may work later. Whether it was done is not known. */
export class NotNow extends Error {}

/** Too many jobs for a limit of the user's, the account's or the quality of service's: none of the array was taken. */
export class Full extends NotNow {}
