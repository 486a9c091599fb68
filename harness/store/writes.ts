import { canonicalJson } from '../identity/canonical.ts';
import { scoringKey } from '../identity/keys.ts';
import { enterMethod, enterSetting } from './methods.ts';
import type {
  CellRecord,
  FailureKind,
  FailureRecord,
  RunOutcome,
  RunRecord,
  ScoreRecord,
  SetScoreRecord,
  SolutionRecord,
} from './records.ts';
import type { Store } from './store.ts';

/** Makes a cell known, to do, with its method and setting; one that is known keeps its results. */
export function enterCell(store: Store, cell: CellRecord): void {
  enterMethodsOf(store, [cell]);
  insertCell(store, cell);
}

/** Each method and setting once: many cells share them. */
export function enterMethodsOf(store: Store, cells: readonly Pick<CellRecord, 'method' | 'setting'>[]): void {
  for (const method of new Map(cells.map(({ method }) => [method.key, method])).values())
    enterMethod(store, method);
  for (const setting of new Map(cells.map(({ setting }) => [setting.key, setting])).values())
    enterSetting(store, setting);
}

/** A cell's key is the hash of what follows, so that the latest word is as good as the first, or better (migrations). */
export function insertCell({ db }: Store, cell: CellRecord): void {
  const { key, method, setting, item, itemSha256, seed, precision, rng } = cell;
  db.prepare(`
    INSERT INTO cells (key, method_key, setting_key, item, item_sha, seed, precision, rng)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET method_key = excluded.method_key, setting_key = excluded.setting_key,
      precision = excluded.precision, rng = excluded.rng`).run(
    key,
    method.key,
    setting.key,
    item,
    itemSha256,
    seed,
    precision,
    rng,
  );
}

/** Returns the run's id. */
export function startRun({ db }: Store, experiment: string, run: RunRecord): number {
  const insert = db.prepare(`
    INSERT INTO runs (experiment_id, started, git_commit, git_dirty, git_diff_sha, versions, host, devices, argv,
      estimated_seconds)
    SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM experiments WHERE id = (SELECT id FROM versions WHERE ref = ?)`);
  const write = db.transaction(() =>
    insert.run(
      run.started,
      run.git?.commit ?? null,
      run.git?.dirty ? 1 : 0,
      run.git?.diffSha256 ?? null,
      canonicalJson(run.versions),
      run.host,
      canonicalJson(run.devices),
      canonicalJson(run.argv),
      run.estimatedSeconds ?? null,
      experiment,
    ),
  );
  return Number(write.immediate().lastInsertRowid);
}

export function endRun(
  { db }: Store,
  runId: number,
  outcome: RunOutcome,
  ended = new Date().toISOString(),
): void {
  const update = db.prepare('UPDATE runs SET ended = ?, outcome = ? WHERE id = ?');
  db.transaction(() => update.run(ended, outcome, runId)).immediate();
}

/** Stores one solved and scored image. A cell that is done already keeps its first result. */
export function saveSolution(
  store: Store,
  runId: number,
  solution: SolutionRecord,
  finished = new Date().toISOString(),
): void {
  const { db } = store;
  const artifact = db.prepare(
    'INSERT INTO artifacts (cell_key, role, media, path, sha256) VALUES (?, ?, ?, ?, ?)',
  );
  const insert = db.prepare(`
    INSERT INTO solutions (cell_key, run_id, seconds, steps, counters, device, batch, finished)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const done = db.prepare(`
    UPDATE cells SET status = 'done', failure = NULL, message = NULL, log_tail = NULL, attempts = attempts + 1
    WHERE key = ? AND status <> 'done'`);
  db.transaction(() => {
    if (done.run(solution.cellKey).changes === 0) return;
    for (const { role, media, path, sha256 } of solution.artifacts)
      artifact.run(solution.cellKey, role, media, path, sha256);
    insert.run(
      solution.cellKey,
      runId,
      solution.seconds,
      solution.steps,
      canonicalJson(solution.counters),
      solution.device,
      canonicalJson(solution.batch),
      finished,
    );
    insertScores(store, solution.cellKey, solution.scores);
  }).immediate();
}

/** Puts solved cells back to do, because what was stored of them is lost: their files, solutions and scores go. */
export function reopenCells({ db }: Store, keys: readonly string[]): void {
  const these = '(SELECT value FROM json_each(?))';
  const list = JSON.stringify(keys);
  db.transaction(() => {
    db.prepare(`DELETE FROM scores WHERE cell_key IN ${these}`).run(list);
    db.prepare(`DELETE FROM artifacts WHERE cell_key IN ${these}`).run(list);
    db.prepare(`DELETE FROM solutions WHERE cell_key IN ${these}`).run(list);
    db.prepare(`UPDATE cells SET status = 'todo' WHERE status = 'done' AND key IN ${these}`).run(list);
  }).immediate();
}

/** Adds scores to a solved cell; a score that is there already stays. */
export function saveScores(store: Store, cellKey: string, scores: readonly ScoreRecord[]): void {
  store.db.transaction(() => insertScores(store, cellKey, scores)).immediate();
}

/** Keeps a set's number; one that is there already stays. */
export function saveSetScore({ db }: Store, score: SetScoreRecord): void {
  const insert = db.prepare(`
    INSERT INTO set_scores (key, metric, version, protocol, value, standard_error, replicates, warnings)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`);
  db.transaction(() =>
    insert.run(
      score.key,
      score.metric,
      score.version,
      canonicalJson(score.protocol),
      score.value,
      score.standardError,
      JSON.stringify(score.replicates),
      JSON.stringify(score.warnings),
    ),
  ).immediate();
}

function insertScores({ db }: Store, cellKey: string, scores: readonly ScoreRecord[]): void {
  const insert = db.prepare(`
    INSERT INTO scores (key, cell_key, metric, version, protocol, value) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO NOTHING`);
  for (const { metric, version, protocol, value } of scores) {
    insert.run(
      scoringKey(cellKey, { name: metric, version, protocol }),
      cellKey,
      metric,
      version,
      canonicalJson(protocol),
      value,
    );
  }
}

/** Marks a cell failed. A cell that is done stays done. */
export function saveFailure({ db }: Store, failure: FailureRecord): void {
  const update = db.prepare(`
    UPDATE cells SET status = 'failed', failure = ?, message = ?, log_tail = ?, attempts = attempts + 1
    WHERE key = ? AND status <> 'done'`);
  db.transaction(() =>
    update.run(failure.kind, failure.message, failure.logTail, failure.cellKey),
  ).immediate();
}

/** Counts an attempt that will be followed by another. */
export function countAttempt({ db }: Store, cellKey: string): void {
  const update = db.prepare('UPDATE cells SET attempts = attempts + 1 WHERE key = ?');
  db.transaction(() => update.run(cellKey)).immediate();
}

/** Puts an experiment's failed cells of the given kinds back to do; returns how many. */
export function resetFailures({ db }: Store, experiment: string, kinds: readonly FailureKind[]): number {
  const update = db.prepare(`
    UPDATE cells SET status = 'todo', failure = NULL, message = NULL, log_tail = NULL
    WHERE status = 'failed' AND failure IN (SELECT value FROM json_each(?))
      AND key IN (SELECT cell_key FROM experiment_cells JOIN versions ON id = experiment_id WHERE ref = ?)`);
  return db.transaction(() => update.run(JSON.stringify(kinds), experiment).changes).immediate();
}
