import { statSync } from 'node:fs';
import type { Batch } from '../../identity/refs.ts';
import { statesOf } from '../../store/queries.ts';
import type { FailureRecord } from '../../store/records.ts';
import { findRun } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import { endRun, saveFailure, startRun } from '../../store/writes.ts';
import type { RunEvents } from '../events.ts';
import { StoredOutcomes } from '../outcomes.ts';
import type { PatientWriter } from '../patience.ts';
import { type CellOutcome, cellOf, type Part, partFiles, wholePart } from './part.ts';
import type { Slice } from './slices.ts';

/** What is told of results as they come in. */
export type IngestEvents = Pick<RunEvents, 'solved' | 'failed' | 'note'>;

/** What the driver keeps in mind of a part file. */
export interface LifeFacts extends Pick<Part, 'life' | 'atWork' | 'end'> {
  /** Cells that have a result or a failure in it. */
  readonly outcomes: number;
}

const NOTHING: Pick<Part, 'atWork' | 'end' | 'outcomes'> = { atWork: [], end: null, outcomes: [] };

/**
 * Puts what part files hold into the store, as a run on this machine stores it. A cell that has a result or a failure keeps
 * it: the same files may be read again, after any end of this process.
 */
export class Ingest {
  readonly #store: Store;
  readonly #writer: PatientWriter;
  readonly #experiment: string;
  readonly #events: IngestEvents;
  /** Of the cells that lack a result, by their keys. */
  readonly #open: Map<string, Batch>;
  /** What was read, by file. */
  readonly #read = new Map<string, { readonly state: string; readonly facts: LifeFacts }>();
  solved = 0;
  failed = 0;

  /** @param experiment NAME@VERSION */
  constructor(
    store: Store,
    writer: PatientWriter,
    experiment: string,
    slices: readonly Slice[],
    events: IngestEvents,
  ) {
    this.#store = store;
    this.#writer = writer;
    this.#experiment = experiment;
    this.#events = events;
    this.#open = openCells(store, slices);
  }

  /** Those of a slice's cells that have neither a result nor a failure. */
  openOf({ batches }: Slice): string[] {
    return batches.flatMap(({ wanted }) => wanted.filter((cellKey) => this.#open.has(cellKey)));
  }

  /** Reads what was written since the last time. @returns what is known of all lives, by their slices */
  async read(dir: string): Promise<ReadonlyMap<number, readonly LifeFacts[]>> {
    for (const { file, life } of partFiles(dir)) {
      const known = this.#read.get(file);
      // A life that has said its last word writes no more.
      if (known?.facts.end) continue;
      const state = stateOf(file);
      if (known?.state === state) continue;
      const part = wholePart(file, (line) => this.#events.note(line));
      if (part) await this.#keep(part);
      const { atWork, end, outcomes } = part ?? NOTHING;
      this.#read.set(file, { state, facts: { life, atWork, end, outcomes: outcomes.length } });
    }
    const bySlice = new Map<number, LifeFacts[]>();
    for (const { facts } of this.#read.values())
      bySlice.set(facts.life.slice, [...(bySlice.get(facts.life.slice) ?? []), facts]);
    return bySlice;
  }

  /** Enters failures that no element could tell of itself. */
  async fail(failures: readonly FailureRecord[]): Promise<void> {
    for (const failure of failures) {
      const batch = this.#open.get(failure.cellKey);
      if (!batch) continue;
      await this.#writer.write(() => saveFailure(this.#store, failure));
      this.#haveFailed(batch, failure);
    }
  }

  async #keep({ run, outcomes, end }: Part): Promise<void> {
    const fresh = outcomes.some((outcome) => this.#open.has(cellOf(outcome)));
    const known = findRun(this.#store, this.#experiment, run);
    if (known === null && !fresh) return;
    const id = known ?? (await this.#writer.write(() => startRun(this.#store, this.#experiment, run)));
    const stored = new StoredOutcomes(this.#store, this.#writer, id);
    for (const outcome of outcomes) await this.#settle(stored, outcome);
    if (end === null) return;
    const how = end.kind === 'finished' ? 'finished' : 'interrupted';
    await this.#writer.write(() => endRun(this.#store, id, how, end.at));
  }

  async #settle(stored: StoredOutcomes, outcome: CellOutcome): Promise<void> {
    const cellKey = cellOf(outcome);
    const batch = this.#open.get(cellKey);
    if (!batch) return;
    for (let i = 0; i < outcome.attempts; i++) await stored.again(cellKey);
    if (outcome.kind === 'failed') {
      await stored.failed(batch, outcome.failure);
      this.#haveFailed(batch, outcome.failure);
      return;
    }
    await stored.solved(batch, outcome.solution, outcome.finished);
    this.#open.delete(cellKey);
    this.solved++;
    this.#events.solved(cellKey, batch, outcome.solution.scores);
  }

  #haveFailed(batch: Batch, { cellKey, kind, message }: FailureRecord): void {
    this.#open.delete(cellKey);
    this.failed++;
    this.#events.failed(cellKey, batch, kind, message);
  }
}

function openCells(store: Store, slices: readonly Slice[]): Map<string, Batch> {
  const all = slices.flatMap(({ batches }) =>
    batches.flatMap(({ batch, wanted }) => wanted.map((cellKey) => [cellKey, batch] as const)),
  );
  const states = statesOf(
    store,
    all.map(([cellKey]) => cellKey),
  );
  return new Map(all.filter(([cellKey]) => (states.get(cellKey) ?? 'todo') === 'todo'));
}

/** Changes when the file is replaced. */
function stateOf(file: string): string {
  const { ino, size, mtimeMs } = statSync(file);
  return `${ino} ${size} ${mtimeMs}`;
}
