import type { Store } from './store.ts';
import { stored, storedJson } from './stored-json.ts';

/** A plan that was run under an experiment's name. */
export interface Version {
  readonly version: number;
  /** NAME@VERSION. */
  readonly ref: string;
  /** Whether the name alone means it: it was planned last. */
  readonly isLast: boolean;
  /** Start of its latest run, ISO 8601; null: it has solved nothing of its own. */
  readonly started: string | null;
  readonly cells: number;
  readonly done: number;
  /** What its file said with all that it extends, and what the command line had set; null: was not kept. */
  readonly config: Readonly<Record<string, unknown>> | null;
}

/** The versions of an experiment, oldest first; none: there is no experiment of the name. */
export function versionsOf({ db }: Store, name: string): Version[] {
  const rows = db
    .prepare(`
      SELECT e.version, e.name || '@' || e.version AS ref, e.id = last.id AS isLast, e.config_values AS config,
        (SELECT max(started) FROM runs WHERE experiment_id = e.id) AS started,
        (SELECT count(*) FROM experiment_cells WHERE experiment_id = e.id) AS cells,
        (SELECT count(*) FROM experiment_cells ec JOIN cells c ON c.key = ec.cell_key
          WHERE ec.experiment_id = e.id AND c.status = 'done') AS done
      FROM experiments e JOIN versions last ON last.ref = e.name WHERE e.name = ? ORDER BY e.version`)
    .all(name) as (Omit<Version, 'isLast' | 'config'> & { isLast: number; config: string | null })[];
  return rows.map(({ isLast, config, ...row }) => ({
    ...row,
    isLast: isLast === 1,
    config: config === null ? null : storedJson(config, 'experiments.config_values', stored.params),
  }));
}

/** The version that NAME or NAME@VERSION means; undefined: there is none. */
export function versionOf(store: Store, ref: string): Version | undefined {
  return versionsOf(store, nameIn(ref)).find(({ isLast, ...version }) =>
    ref === nameIn(ref) ? isLast : version.ref === ref,
  );
}

/** The name in NAME or NAME@VERSION: no name has an @. */
export function nameIn(ref: string): string {
  return ref.split('@', 1)[0]!;
}
