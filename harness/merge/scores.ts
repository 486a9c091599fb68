import { readSetScore, type SetScoreOf, setScoresOf } from '../store/configurations.ts';
import type { Store } from '../store/store.ts';
import { saveSetScore } from '../store/writes.ts';

/** A number of a whole set that is another one there. */
export interface SetConflict extends Record<'key' | 'metric', string> {
  readonly here: number;
  readonly there: number;
}

/**
 * Adds the numbers of single pictures that equal results have there and lack here.
 * @param conflicting cells whose numbers there are of other pictures
 * @returns how many
 */
export function takeScores({ db }: Store, conflicting: ReadonlySet<string>): number {
  const insert = db.prepare(`
    INSERT INTO main.scores SELECT o.* FROM other.scores o JOIN main.cells h ON h.key = o.cell_key
    WHERE h.status = 'done' AND o.cell_key NOT IN (SELECT value FROM json_each(?)) ON CONFLICT (key) DO NOTHING`);
  return db.transaction(() => insert.run(JSON.stringify([...conflicting])).changes).immediate();
}

/**
 * Adds the numbers of whole sets, all of whose results are here and equal.
 * @param there the store whose database is attached
 */
export function takeSetScores(
  store: Store,
  there: Store,
  conflicting: ReadonlySet<string>,
): { taken: number; conflicts: SetConflict[] } {
  const isDone = store.db.prepare("SELECT 1 FROM main.cells WHERE key = ? AND status = 'done'").pluck();
  const isWhole = ({ cells }: SetScoreOf) =>
    cells.every((cell) => !conflicting.has(cell) && isDone.get(cell) === 1);
  const refs = there.db
    .prepare("SELECT name || '@' || version FROM experiments ORDER BY name, version")
    .pluck()
    .all() as string[];
  const scores = new Map(
    refs
      .flatMap((ref) => setScoresOf(there, ref).filter(isWhole))
      .map(({ score }) => [score.key, score] as const),
  );
  const conflicts: SetConflict[] = [];
  let taken = 0;
  for (const score of scores.values()) {
    const known = readSetScore(store, score.key);
    if (!known) {
      saveSetScore(store, score);
      taken++;
    } else if (known.value !== score.value) {
      const { key, metric } = score;
      conflicts.push({ key, metric, here: known.value, there: score.value });
    }
  }
  return { taken, conflicts };
}
