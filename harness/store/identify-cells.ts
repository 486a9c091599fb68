import type Database from 'better-sqlite3';
import { canonicalJson } from '../identity/canonical.ts';
import { type MethodFacts, methodRef, type SettingFacts, settingRef, solvingKey } from '../identity/keys.ts';
import type { Batch, MethodKind, Params } from '../identity/refs.ts';

const PRECISIONS = ['float32', 'float16', 'tf32'] as const;
const FLAVOURS = ['philox', 'torch-cpu'] as const;
/** More versions than a prior has had while databases held none. */
const PRIOR_VERSIONS = [1, 2, 3, 4];
/** Stands for the hash of a plug-in that a database did not keep; a plan that has the cell puts it right. */
const UNKNOWN_SOURCE = 'unknown';

/** A row of `cells` up to schema 4. */
interface OldCell
  extends Record<
      'key' | 'solver' | 'params' | 'task' | 'task_params' | 'dataset' | 'item' | 'item_sha',
      string
    >,
    Record<'prior' | 'prior_params' | 'prior_sha' | 'failure' | 'message' | 'log_tail', string | null> {
  kind: MethodKind;
  solver_version: number;
  task_version: number;
  toy: number;
  image_shape: string;
  seed: number;
  status: string;
  attempts: number;
}

/** What such a row leaves out of what its key was made of. */
interface Untold extends Pick<Batch, 'precision' | 'rng'> {
  readonly priorVersion: number;
  readonly data: 'set' | 'folder';
}

/** Of plug-ins, whose keys nothing can prove: what nearly all experiments leave as it is. */
const USUAL: Untold = { precision: 'float32', rng: 'philox', priorVersion: 1, data: 'set' };

const ALL: readonly Untold[] = PRECISIONS.flatMap((precision) =>
  FLAVOURS.flatMap((rng) =>
    PRIOR_VERSIONS.flatMap((priorVersion) =>
      (['set', 'folder'] as const).map((data) => ({ precision, rng, priorVersion, data })),
    ),
  ),
);

/**
 * Schema 4 to 5, its rows: moves `cells` to `cells_5` with the methods and settings that they are of. Precision, random
 * numbers, the prior's version and whether the data are a folder stood in no column; they are those with which a cell's
 * key is the hash that it is. Where none are (code of a plug-in is part of a key), the usual ones are assumed.
 */
export function identifyCells(db: Database.Database): void {
  // json() refuses damaged text by SQLite's own error, which has a remedy.
  const cells = db
    .prepare(`
      SELECT *, json(params), json(task_params), json(image_shape), json(prior_params) FROM cells`)
    .all() as OldCell[];
  const method = db.prepare(`
    INSERT INTO methods VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`);
  const setting = db.prepare(
    'INSERT INTO settings VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING',
  );
  const insert = db.prepare('INSERT INTO cells_5 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  let likely = USUAL;
  for (const cell of cells) {
    const proven = [likely, ...ALL].find((untold) => keyOf(cell, untold) === cell.key);
    likely = proven ?? likely;
    const untold = proven ?? USUAL;
    const m = methodRef(methodOf(cell, untold, proven === undefined));
    const s = settingRef(settingOf(cell, untold));
    const { prior } = m;
    method.run(
      m.key,
      m.kind,
      m.name,
      m.title,
      m.version,
      m.sourceSha256 ?? null,
      canonicalJson(m.params),
      prior?.name ?? null,
      prior?.version ?? null,
      null,
      prior && canonicalJson(prior.params),
      prior?.weightsSha256 ?? null,
      prior?.toy ? 1 : 0,
    );
    setting.run(
      s.key,
      s.kind,
      s.task,
      s.title,
      s.version,
      canonicalJson(s.params),
      s.data.name,
      cell.image_shape,
    );
    const { key, item, item_sha, seed, status, failure, attempts, message, log_tail } = cell;
    const { precision, rng } = untold;
    insert.run(
      ...[key, m.key, s.key, item, item_sha, seed, m.kind === 'baseline' ? 'float32' : precision, rng],
      ...[status, failure, attempts, message, log_tail],
    );
  }
}

function keyOf(cell: OldCell, untold: Untold): string {
  const of = {
    method: methodOf(cell, untold, false),
    setting: settingOf(cell, untold),
    ...untold,
  };
  return solvingKey(of, { id: cell.item, sha256: cell.item_sha, seed: cell.seed });
}

function methodOf(cell: OldCell, { priorVersion }: Untold, isPlugin: boolean): MethodFacts {
  const { kind, solver: name, solver_version: version } = cell;
  const isSolver = kind === 'solver';
  return {
    kind,
    name,
    // As tables have shown it until now.
    title: isSolver ? name.toUpperCase() : name,
    version,
    sourceSha256: isSolver && isPlugin ? UNKNOWN_SOURCE : undefined,
    params: parsed(cell.params),
    prior:
      cell.prior === null
        ? null
        : {
            name: cell.prior,
            version: priorVersion,
            params: parsed(cell.prior_params!),
            weightsSha256: cell.prior_sha!,
            toy: cell.toy === 1,
          },
  };
}

function settingOf(cell: OldCell, { data }: Untold): SettingFacts {
  const { task, task_version: version, dataset: name } = cell;
  return {
    kind: 'restore',
    task,
    title: task,
    version,
    params: parsed(cell.task_params),
    data: data === 'set' ? { kind: 'set', name } : { kind: 'folder', name, folder: '' },
    imageShape: JSON.parse(cell.image_shape) as SettingFacts['imageShape'],
  };
}

function parsed(text: string): Params {
  return JSON.parse(text) as Params;
}
