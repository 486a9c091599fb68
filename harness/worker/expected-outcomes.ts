import type { FromChild, Job } from './messages.ts';

/** The outcomes that a job owes: each picture's or set's once, and no other. */
export class ExpectedOutcomes {
  readonly #open: Set<string>;
  readonly #total: number;

  constructor(job: Job) {
    this.#open = new Set(keysOf(job));
    this.#total = this.#open.size;
  }

  /** @throws Error where the message is an outcome that was not asked for, or an end that comes too early. */
  check(message: FromChild): void {
    const key = keyOf(message);
    if (key !== undefined && !this.#open.delete(key)) throw new Error('a result that was not asked for');
    if (message.kind === 'finished' && this.#open.size > 0) {
      const done = this.#total - this.#open.size;
      throw new Error(`the end of its batch with ${done} of ${this.#total} results`);
    }
  }
}

/** Features go into their cache; nothing is handed over. */
function keysOf({ kind, job }: Job): readonly string[] {
  if (kind === 'solve') return job.wanted;
  if (job.of === 'cells') return job.cells.map(({ cellKey }) => cellKey);
  return job.of === 'set' ? [job.comparison.key] : [];
}

function keyOf(message: FromChild): string | undefined {
  switch (message.kind) {
    case 'solved':
      return message.solution.cellKey;
    case 'nan':
    case 'scored':
      return message.cellKey;
    case 'set-scored':
      return message.score.key;
  }
}
