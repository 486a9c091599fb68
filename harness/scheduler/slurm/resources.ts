/** What Slurm is asked for an element; null: what the cluster gives by itself. */
export interface Resources {
  readonly partition: string | null;
  readonly account: string | null;
  readonly gres: string | null;
  readonly time: string | null;
  readonly mem: string | null;
  readonly cpus: number | null;
  /** Lines before the program. */
  readonly setup: readonly string[];
  /** Passed through as they are. */
  readonly args: readonly string[];
}
