import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { openDatabase } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { tracedCells, tracePath } from '../store/trace-file.ts';
import { type Conflict, conflictsOf } from './conflicts.ts';
import { enterExperiments, type MergedVersion } from './experiments.ts';
import type { OtherResults } from './other-results.ts';
import { type LeftOut, resultsToTake, takeFailures, takeResults } from './results.ts';
import { type SetConflict, takeScores, takeSetScores } from './scores.ts';
import { StoredCopies } from './stored-copy.ts';
import { copyTrace } from './traces.ts';

/** What came of merging another results folder into one. */
export interface Merged {
  /** Absolute path of the other folder. */
  readonly from: string;
  /** It had no database: its records were read, which name no plans and no failures. */
  readonly ofRecords: boolean;
  /** Results that were not here. */
  readonly taken: number;
  /** Results that both have, the conflicts among them. */
  readonly common: number;
  readonly conflicts: readonly Conflict[];
  readonly setConflicts: readonly SetConflict[];
  /** Numbers of pictures that results here lacked, and of whole sets. */
  readonly scores: number;
  readonly setScores: number;
  /** Failures of cells that were to do here. */
  readonly failures: number;
  readonly leftOut: readonly LeftOut[];
  /** One line each: records there that could not be read. */
  readonly unreadable: readonly string[];
  readonly versions: readonly MergedVersion[];
  readonly files: number;
  readonly bytes: number;
}

/**
 * Enters everything that another results folder knows and this one does not. What is here stays: a result that is another
 * one there is a conflict, which is told. Whatever ends it in between, the same call goes on.
 * @param onCell hears of each result that is taken
 * @throws UserError where the other folder is this one
 */
export function merge(
  store: Store,
  other: OtherResults,
  onCell: (taken: number, of: number) => void = () => {},
): Merged {
  if (realpathSync(other.dir) === realpathSync(store.dir))
    throw new UserError(`${other.dir}: these are the results themselves; name another folder to merge`);
  store.db.prepare('ATTACH ? AS other').run(other.database);
  try {
    return enterAll(store, other, onCell);
  } finally {
    store.db.exec('DETACH other');
  }
}

function enterAll(store: Store, other: OtherResults, onCell: (taken: number, of: number) => void): Merged {
  const copies = new StoredCopies(other.dir, store.dir);
  const conflicts = conflictsOf(store.db);
  const conflicting = new Set(conflicts.map(({ cell }) => cell));
  const common = commonResults(store);
  const versions = enterExperiments(store);
  const toTake = resultsToTake(store);
  const unreadable = [...other.unreadable];
  const taking = { store, from: other.dir, copies, unreadable };
  const leftOut = takeResults(taking, toTake, (taken) => onCell(taken, toTake.length));
  const failures = takeFailures(store);
  const withheld = new Set([...conflicting, ...leftOut.map(({ cell }) => cell)]);
  for (const cell of tracedCells(other.dir))
    if (isKnown(store, cell) && !withheld.has(cell) && !existsSync(join(store.dir, tracePath(cell))))
      copyTrace(copies, other.dir, cell);
  const scores = takeScores(store, conflicting);
  const there: Store = { db: openDatabase(other.database), dir: other.dir };
  try {
    const sets = takeSetScores(store, there, conflicting);
    return {
      from: other.dir,
      ofRecords: other.ofRecords,
      taken: toTake.length - leftOut.length,
      common,
      conflicts,
      setConflicts: sets.conflicts,
      scores,
      setScores: sets.taken,
      failures,
      leftOut,
      unreadable,
      versions,
      files: copies.files,
      bytes: copies.bytes,
    };
  } finally {
    there.db.close();
  }
}

function commonResults({ db }: Store): number {
  return db
    .prepare('SELECT count(*) FROM other.solutions JOIN main.solutions USING (cell_key)')
    .pluck()
    .get() as number;
}

function isKnown({ db }: Store, cell: string): boolean {
  return db.prepare('SELECT 1 FROM main.cells WHERE key = ?').get(cell) !== undefined;
}
