import { statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Store } from './store.ts';
import { readStored } from './stored-file.ts';

/** A solved cell of which a picture is missing or damaged. */
export interface DamagedCell {
  readonly cellKey: string;
  /** Relative to the results folder. */
  readonly pictures: readonly string[];
  readonly tensor: { readonly path: string; readonly sha256: string | null };
}

const ARTIFACTS = `
  experiments e JOIN experiment_cells ec ON ec.experiment_id = e.id JOIN solutions s USING (cell_key)
  JOIN artifacts a USING (cell_key) WHERE e.id = (SELECT id FROM versions WHERE ref = ?)`;

interface Row extends Record<'cellKey' | 'role' | 'media' | 'path', string> {
  sha256: string | null;
}

/**
 * The solved cells of an experiment whose pictures are not what was stored. A file whose inode has not changed since it
 * was stored is taken as it is; every other one is hashed.
 */
export function damagedCells({ db, dir }: Store, experiment: string): DamagedCell[] {
  // A picture that several cells share was checked whenever one of them was stored.
  const pictureFiles = db
    .prepare(`SELECT a.path, max(s.finished) FROM ${ARTIFACTS} AND a.media <> 'array' GROUP BY a.path`)
    .raw()
    .all(experiment) as [path: string, since: string][];
  const bad = new Set(
    pictureFiles.filter(([path, since]) => !isWhole(dir, path, since)).map(([path]) => path),
  );
  if (bad.size === 0) return [];
  const rows = db
    .prepare(`
      SELECT a.cell_key AS cellKey, a.role, a.media, a.path, a.sha256
      FROM ${ARTIFACTS} ORDER BY ec.position, a.role DESC`)
    .all(experiment) as Row[];
  const pictures = new Map<string, string[]>();
  for (const { cellKey, path } of rows)
    if (bad.has(path)) pictures.set(cellKey, [...(pictures.get(cellKey) ?? []), path]);
  return rows
    .filter(({ cellKey, role, media }) => role === 'result' && media === 'array' && pictures.has(cellKey))
    .map(({ cellKey, path, sha256 }) => ({
      cellKey,
      pictures: pictures.get(cellKey)!,
      tensor: { path, sha256 },
    }));
}

function isWhole(dir: string, path: string, since: string): boolean {
  return unchangedSince(join(dir, path), Date.parse(since)) || isStored(dir, path);
}

function unchangedSince(file: string, stored: number): boolean {
  try {
    const stats = statSync(file);
    return stats.isFile() && stats.ctimeMs <= stored;
  } catch {
    return false;
  }
}

/** Whether a picture is there and what its name says. */
export function isStored(dir: string, path: string): boolean {
  try {
    readStored(dir, path);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
