import type { Batch } from '../../identity/refs.ts';
import type { FailureRecord, RunRecord, SolutionRecord } from '../../store/records.ts';
import type { Outcomes } from '../outcomes.ts';
import { hasSlice, type Life } from './life.ts';
import { type CellOutcome, type PartEnd, writePart } from './part.ts';

/** A later life of the element has its slice: this one is of no use any more. */
export class Superseded extends Error {}

/** The whole file is written each time, and images may come fast. */
const BETWEEN_WRITES_MS = 2000;

/** Keeps what becomes of an element's cells in its part file. */
export class PartWriter implements Outcomes {
  readonly #dir: string;
  readonly #life: Life;
  readonly #run: RunRecord;
  readonly #outcomes: CellOutcome[] = [];
  readonly #attempts = new Map<string, number>();
  #atWork: readonly string[] = [];
  #written = Number.NEGATIVE_INFINITY;

  constructor(dir: string, life: Life, run: RunRecord) {
    this.#dir = dir;
    this.#life = life;
    this.#run = run;
  }

  /** The batch of these cells is begun. What the last has found is in the file then. @throws Superseded */
  begin(cells: readonly string[]): void {
    this.#atWork = cells;
    this.#write(null);
  }

  /** Cells that have a result or a failure. */
  get settled(): number {
    return this.#outcomes.length;
  }

  async solved(_: Batch, solution: SolutionRecord): Promise<void> {
    const attempts = this.#attempts.get(solution.cellKey) ?? 0;
    this.#keep({ kind: 'solved', attempts, solution, finished: new Date().toISOString() });
  }

  async failed(_: Batch, failure: FailureRecord): Promise<void> {
    this.#keep({ kind: 'failed', attempts: this.#attempts.get(failure.cellKey) ?? 0, failure });
  }

  async again(cellKey: string): Promise<void> {
    this.#attempts.set(cellKey, (this.#attempts.get(cellKey) ?? 0) + 1);
  }

  end(end: PartEnd): void {
    this.#write(end);
  }

  #keep(outcome: CellOutcome): void {
    this.#outcomes.push(outcome);
    if (performance.now() - this.#written > BETWEEN_WRITES_MS) this.#write(null);
  }

  #write(end: PartEnd | null): void {
    // Its results are as good as the later life's: they are kept before it ends.
    writePart(this.#dir, {
      format: 1,
      life: this.#life,
      run: this.#run,
      outcomes: this.#outcomes,
      atWork: this.#atWork,
      end,
    });
    this.#written = performance.now();
    if (end === null && !hasSlice(this.#dir, this.#life)) throw new Superseded();
  }
}
