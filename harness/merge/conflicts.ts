import type Database from 'better-sqlite3';
import { stored, storedJson } from '../store/stored-json.ts';

/** Where and with what one of two results was computed. */
export interface Origin {
  readonly host: string;
  readonly device: string;
  readonly commit: string | null;
  readonly versions: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly finished: string;
}

/** What two results of one cell do not have in common: sha256 of files, else numbers of a metric. */
export interface Difference {
  /** `result picture`, `psnr`. */
  readonly what: string;
  readonly here: string | number;
  readonly there: string | number;
}

/** A cell, both of whose results are kept where they are. */
export interface Conflict extends Record<'cell' | 'solver' | 'task' | 'item', string> {
  readonly seed: number;
  readonly differs: readonly Difference[];
  readonly here: Origin;
  readonly there: Origin;
}

/** The cells that are solved here and in the attached database `other`, and not equal; by key. */
export function conflictsOf(db: Database.Database): Conflict[] {
  const differences = db
    .prepare(`
      SELECT h.cell_key AS cell, h.role || ' ' || h.media AS what, h.sha256 AS here, o.sha256 AS there, 0 AS isScore
      FROM other.artifacts o JOIN main.artifacts h USING (cell_key, role, media) WHERE h.sha256 <> o.sha256
      UNION ALL
      SELECT h.cell_key, h.metric, h.value, o.value, 1 FROM other.scores o JOIN main.scores h USING (key)
      WHERE h.value <> o.value
      ORDER BY 1, isScore, 2 DESC`)
    .all() as (Difference & { cell: string })[];
  const cells = new Map<string, Difference[]>();
  for (const { cell, what, here, there } of differences)
    cells.set(cell, [...(cells.get(cell) ?? []), { what, here, there }]);
  const describe = db.prepare(`
    SELECT m.name AS solver, st.task, c.item, c.seed FROM main.cells c
    JOIN main.methods m ON m.key = c.method_key JOIN main.settings st ON st.key = c.setting_key WHERE c.key = ?`);
  return [...cells].map(([cell, differs]) => ({
    cell,
    ...(describe.get(cell) as Pick<Conflict, 'solver' | 'task' | 'item' | 'seed'>),
    differs,
    here: originOf(db, 'main', cell),
    there: originOf(db, 'other', cell),
  }));
}

function originOf(db: Database.Database, schema: 'main' | 'other', cell: string): Origin {
  const row = db
    .prepare(`
      SELECT r.host, s.device, r.git_commit AS "commit", r.versions, s.finished
      FROM ${schema}.solutions s JOIN ${schema}.runs r ON r.id = s.run_id WHERE s.cell_key = ?`)
    .get(cell) as Omit<Origin, 'versions'> & { versions: string };
  return { ...row, versions: storedJson(row.versions, 'runs.versions', stored.versions) };
}
