import type { Store } from './store.ts';

/** How long a finished run took, beside what its batches took alone. */
export interface RunTime {
  /** What was said before it; null where nothing was known. */
  estimatedSeconds: number | null;
  /** Wall time. */
  seconds: number;
  /** Of all its batches together, one after the other. */
  solvingSeconds: number;
  /** That had at least one batch. */
  workers: number;
  /** Of the prior's weights. */
  priorSha256: string;
}

const RECENT = 20;

/** The latest finished runs that solved something with a prior, newest first. */
export function runTimes({ db }: Store): RunTime[] {
  return db
    .prepare(`
      WITH recent AS (
        SELECT id, estimated_seconds, devices, (julianday(ended) - julianday(started)) * 86400 AS seconds FROM runs
        WHERE outcome = 'finished' AND id IN (SELECT run_id FROM solutions) ORDER BY id DESC LIMIT ${RECENT}
      ), solved AS (
        SELECT s.run_id, sum(s.seconds) AS solving, max(m.prior_sha) AS prior,
          count(DISTINCT iif(instr(s.batch, c.key) > 0, s.batch,
            json_array(c.method_key, c.setting_key, c.seed, s.batch))) AS batches
        FROM solutions s JOIN cells c ON c.key = s.cell_key JOIN methods m ON m.key = c.method_key
        WHERE s.run_id IN (SELECT id FROM recent) GROUP BY s.run_id
      )
      SELECT r.estimated_seconds AS estimatedSeconds, r.seconds, s.solving AS solvingSeconds,
        min(json_array_length(r.devices), s.batches) AS workers, s.prior AS priorSha256
      FROM recent r JOIN solved s ON s.run_id = r.id WHERE s.prior IS NOT NULL ORDER BY r.id DESC`)
    .all() as RunTime[];
}
