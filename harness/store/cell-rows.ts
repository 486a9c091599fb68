import { rememberingLast } from '../remember.ts';
import { askedMetrics } from './asked-metrics.ts';
import type { CellStatus, FailureKind } from './records.ts';
import type { Store } from './store.ts';
import { stored, storedJson } from './stored-json.ts';

/** Everything that is known of one cell but its scores. What a cell without a result has not is null. */
export interface CellRow {
  key: string;
  /** Keys. */
  method: string;
  setting: string;
  item: string;
  itemSha256: string;
  seed: number;
  precision: string;
  rng: string;
  status: CellStatus;
  failure: FailureKind | null;
  message: string | null;
  logTail: string | null;
  attempts: number;
  /** Wall time of its batch divided by the batch's size; null also where it was lost with a database. */
  seconds: number | null;
  steps: number | null;
  /** Evaluations of each network, and `peakMemoryMiB`; empty without a result. */
  counters: Record<string, number>;
  device: string | null;
  /** The batch that it was computed in, as its solution has it (records.ts); empty without a result. */
  batch: string[];
  /** ISO 8601, UTC; also of its run's start. */
  finished: string | null;
  started: string | null;
  host: string | null;
  /** Paths relative to the results folder. */
  result: string | null;
  resultArray: string | null;
  truth: string | null;
  given: string | null;
}

type StoredCell = Omit<CellRow, 'counters' | 'batch'> & Record<'counters' | 'batch', string | null>;

const artifact = (role: string, isArray: boolean) =>
  `(SELECT a.path FROM artifacts a WHERE a.cell_key = c.key AND a.role = '${role}' AND a.media ${isArray ? '=' : '<>'} 'array')`;

const COLUMNS = `
  c.key, c.method_key AS method, c.setting_key AS setting, c.item, c.item_sha AS itemSha256, c.seed, c.precision, c.rng,
  c.status, c.failure, c.message, c.log_tail AS logTail, c.attempts, s.seconds, s.steps, s.counters, s.device, s.batch,
  s.finished, r.started, r.host, ${artifact('result', false)} AS result, ${artifact('result', true)} AS resultArray,
  ${artifact('truth', false)} AS truth, ${artifact('given', false)} AS given`;

const SOLVED = 'LEFT JOIN solutions s ON s.cell_key = c.key LEFT JOIN runs r ON r.id = s.run_id';

const PAGE = 1000;

/** The cells of an experiment's version with the numbers that it asks for, in its plan's order, a thousand at a time. */
export function* cellRows(
  store: Store,
  experiment: string,
): Generator<{ readonly cell: CellRow; readonly scores: readonly CellScore[] }> {
  const of = 'e.id = (SELECT id FROM versions WHERE ref = ?)';
  const end = store.db
    .prepare(
      `SELECT max(position) FROM experiment_cells ec JOIN experiments e ON e.id = ec.experiment_id WHERE ${of}`,
    )
    .pluck()
    .get(experiment) as number | null;
  const page = store.db.prepare(`
    SELECT ${COLUMNS}
    FROM experiments e JOIN experiment_cells ec ON ec.experiment_id = e.id JOIN cells c ON c.key = ec.cell_key ${SOLVED}
    WHERE ${of} AND ec.position BETWEEN ? AND ? ORDER BY ec.position`);
  const scoresOfPage = scoresAsked(store, experiment);
  for (let first = 0; first <= (end ?? -1); first += PAGE) {
    const rows = page.all(experiment, first, first + PAGE - 1) as StoredCell[];
    const scores = scoresOfPage(first, first + PAGE - 1);
    for (const row of rows) yield { cell: asCell(row), scores: scores.get(row.key) ?? [] };
  }
}

/** The cells whose keys begin so, at most `limit` of them, by key. */
export function cellsByKey({ db }: Store, beginning: string, limit: number): CellRow[] {
  const rows = db
    .prepare(`
      SELECT ${COLUMNS} FROM cells c ${SOLVED} WHERE substr(c.key, 1, length(:beginning)) = :beginning
      ORDER BY c.key LIMIT :limit`)
    .all({ beginning, limit }) as StoredCell[];
  return rows.map(asCell);
}

/** In its place: copying all of a row would cost more than reading it. */
function asCell(row: StoredCell): CellRow {
  const { counters, batch } = row;
  return Object.assign(row as Omit<StoredCell, 'counters' | 'batch'>, {
    counters: counters === null ? {} : countersOf(counters),
    batch: batch === null ? [] : batchOf(batch),
  });
}

const countersOf = rememberingLast((text: string) => storedJson(text, 'solutions.counters', stored.counts));
/** Cells of a batch follow each other. */
const batchOf = rememberingLast((text: string) => storedJson(text, 'solutions.batch', stored.texts));

/** A number of one picture. */
export interface CellScore {
  metric: string;
  version: number;
  /** Canonical JSON. */
  protocol: string;
  value: number;
}

/**
 * Reads the numbers that an experiment asks for and its cells from one position to another have: by cell, in the
 * experiment's order.
 */
function scoresAsked(
  store: Store,
  experiment: string,
): (first: number, last: number) => Map<string, CellScore[]> {
  const metrics = askedMetrics(store, experiment);
  const scores = store.db
    .prepare(`
      SELECT ec.cell_key, em.position, s.value
      FROM experiments e JOIN experiment_cells ec ON ec.experiment_id = e.id
      JOIN experiment_metrics em ON em.experiment_id = e.id
      JOIN scores s ON s.cell_key = ec.cell_key AND s.metric = em.metric AND s.version = em.version
        AND s.protocol = em.protocol
      WHERE e.id = (SELECT id FROM versions WHERE ref = ?) AND ec.position BETWEEN ? AND ?
      ORDER BY ec.position, em.position`)
    .raw();
  return (first, last) => {
    const byCell = new Map<string, CellScore[]>();
    for (const [cell, metric, value] of scores.all(experiment, first, last) as [string, number, number][]) {
      const known = byCell.get(cell);
      const score = { ...metrics.get(metric)!, value };
      if (known) known.push(score);
      else byCell.set(cell, [score]);
    }
    return byCell;
  };
}

/** All numbers that a cell has, whoever asked for them. */
export function scoresOf({ db }: Store, cellKey: string): CellScore[] {
  return db
    .prepare(
      'SELECT metric, version, protocol, value FROM scores WHERE cell_key = ? ORDER BY metric, version, protocol',
    )
    .all(cellKey) as CellScore[];
}

/** The experiments that have a cell: the name where their last version does, else NAME@VERSION. */
export function experimentsOf({ db }: Store, cellKey: string): string[] {
  return db
    .prepare(
      `SELECT DISTINCT v.ref FROM experiment_cells ec JOIN experiments e ON e.id = ec.experiment_id
       JOIN versions v ON v.id = e.id AND v.last = (e.id IN (SELECT id FROM versions WHERE last))
       WHERE ec.cell_key = ? ORDER BY 1`,
    )
    .pluck()
    .all(cellKey) as string[];
}

/** The experiment whose run solved a cell, as it is asked for; null: none has. */
export function experimentThatSolved({ db }: Store, cellKey: string): string | null {
  return (
    (db
      .prepare(
        `SELECT v.ref FROM solutions s JOIN runs r ON r.id = s.run_id JOIN versions v ON v.id = r.experiment_id
       WHERE s.cell_key = ? ORDER BY length(v.ref)`,
      )
      .pluck()
      .get(cellKey) as string | null) ?? null
  );
}

/** What an experiment's cells are made of. */
export interface Makeup {
  /** Keys, in the plan's order. */
  readonly methods: readonly string[];
  readonly settings: readonly string[];
  /** Names of what its solutions have counted. */
  readonly counters: readonly string[];
}

export function makeupOf({ db }: Store, experiment: string): Makeup {
  const from = `experiments e JOIN experiment_cells ec ON ec.experiment_id = e.id JOIN cells c ON c.key = ec.cell_key`;
  const keys = (column: 'method_key' | 'setting_key') =>
    db
      .prepare(
        `SELECT c.${column} FROM ${from} WHERE e.id = (SELECT id FROM versions WHERE ref = ?) GROUP BY c.${column} ORDER BY min(ec.position)`,
      )
      .pluck()
      .all(experiment) as string[];
  const counters = db
    .prepare(`
      SELECT DISTINCT j.key FROM ${from} JOIN solutions s ON s.cell_key = c.key, json_each(s.counters) j
      WHERE e.id = (SELECT id FROM versions WHERE ref = ?) ORDER BY 1`)
    .pluck()
    .all(experiment) as string[];
  return { methods: keys('method_key'), settings: keys('setting_key'), counters };
}
