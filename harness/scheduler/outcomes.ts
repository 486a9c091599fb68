import { methodOf } from '../identity/batch-methods.ts';
import { cellIdentity } from '../identity/keys.ts';
import type { Batch } from '../identity/refs.ts';
import { writeRecord } from '../store/record-file.ts';
import type { FailureRecord, SolutionRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { countAttempt, saveFailure, saveSolution } from '../store/writes.ts';
import type { PatientWriter } from './patience.ts';

/** Where what becomes of cells goes: into the store, or into the part file of an element of a cluster's job. */
export interface Outcomes {
  solved(batch: Batch, solution: SolutionRecord): Promise<void>;
  failed(batch: Batch, failure: FailureRecord): Promise<void>;
  /** An attempt at a cell that will be followed by another. */
  again(cellKey: string): Promise<void>;
}

/** Keeps what becomes of cells, as a run's. */
export class StoredOutcomes implements Outcomes {
  readonly #store: Store;
  readonly #writer: PatientWriter;
  readonly #runId: number;

  constructor(store: Store, writer: PatientWriter, runId: number) {
    this.#store = store;
    this.#writer = writer;
    this.#runId = runId;
  }

  /** @param finished when, ISO 8601, UTC */
  async solved(batch: Batch, solution: SolutionRecord, finished = new Date().toISOString()): Promise<void> {
    await this.#writer.write(() => {
      this.#record(batch, solution, finished);
      saveSolution(this.#store, this.#runId, solution, finished);
    });
  }

  async failed(_: Batch, failure: FailureRecord): Promise<void> {
    await this.#writer.write(() => saveFailure(this.#store, failure));
  }

  async again(cellKey: string): Promise<void> {
    await this.#writer.write(() => countAttempt(this.#store, cellKey));
  }

  /** The second copy comes first: a row whose record is missing could not be rebuilt. */
  #record(batch: Batch, solution: SolutionRecord, finished: string): void {
    const item = batch.items.find(({ cellKey }) => cellKey === solution.cellKey)!;
    const { setting } = batch;
    const method = methodOf(batch, item);
    const facts = {
      identity: cellIdentity({ ...batch, method }, item),
      taskKind: setting.kind,
      dataset: setting.data.name,
      imageShape: setting.imageShape,
      toy: method.prior?.toy ?? false,
      titles: { method: method.title, setting: setting.title },
    };
    writeRecord(this.#store, this.#runId, facts, solution, finished);
  }
}
