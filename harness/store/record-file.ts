import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { canonicalJson, sha256 } from '../identity/canonical.ts';
import { type CellIdentity, jsonHash, methodRef, settingRef } from '../identity/keys.ts';
import type { DataRef, SettingRef } from '../identity/refs.ts';
import { bytesOfFile } from '../regular-file.ts';
import { writeFileAside } from '../write-file.ts';
import { type FirstFormat, fromFirstFormat } from './record-format-1.ts';
import type { CellRecord, RunRecord, SolutionRecord } from './records.ts';
import type { Store } from './store.ts';

/** Everything that the database says of one solved cell when it is stored, and that a new database is made of. */
export interface CellFile {
  readonly format: 2;
  /** What the cell's key is the hash of. */
  readonly identity: CellIdentity;
  readonly taskKind: SettingRef['kind'];
  readonly dataset: string;
  readonly imageShape: SettingRef['imageShape'];
  /** Of the prior. */
  readonly toy: boolean;
  readonly titles: { readonly method: string; readonly setting: string };
  readonly experiment: { readonly name: string; readonly configFile: string };
  readonly run: RunRecord;
  /** With the scores that were computed as it was solved; later ones are computed again. */
  readonly solution: SolutionRecord;
  /** ISO 8601, UTC. */
  readonly finished: string;
}

/** What a record adds to what the database knows. */
export type CellFacts = Pick<CellFile, 'identity' | 'taskKind' | 'dataset' | 'imageShape' | 'toy' | 'titles'>;

/** Writes `records/<ab>/<cell key>.json`: a second copy, for whose way to the disk nobody waits. */
export function writeRecord(
  store: Store,
  runId: number,
  facts: CellFacts,
  solution: SolutionRecord,
  finished: string,
): void {
  const record: CellFile = {
    format: 2,
    ...facts,
    ...runOf(store, runId),
    solution,
    finished,
  };
  const content = canonicalJson({ ...record, solution: withScores(solution, finiteOrText) });
  const file = recordFile(store.dir, solution.cellKey);
  writeFileAside(file, `{"sha256":"${sha256(content)}","record":${content}}\n`);
}

/** Where the record of a solved cell lies. */
export function recordFile(dir: string, cellKey: string): string {
  return join(dir, 'records', cellKey.slice(0, 2), `${cellKey}.json`);
}

/** Paths of all records of a results folder. */
export function recordFiles(dir: string): string[] {
  const folder = join(dir, 'records');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));
}

/** The records of a results folder; of those that cannot be read a line each goes to `unreadable`. */
export function* wholeRecords(dir: string, unreadable: string[]): Generator<CellFile> {
  for (const file of recordFiles(dir)) {
    try {
      yield readRecord(file);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unreadable.push(error.message);
    }
  }
}

/** @throws UserError for a record that is not as it was written */
export function readRecord(file: string): CellFile {
  const record = parse(bytesOfFile(file)?.toString('utf8') ?? '');
  if (!record) throw new UserError(`${file}: not a whole record of a cell`);
  return record;
}

/** JSON has no infinity, which the PSNR of equal pictures is: there it is the text of the number. */
export function withScores<V>(solution: SolutionRecord, value: (value: number) => V) {
  return { ...solution, scores: solution.scores.map((score) => ({ ...score, value: value(score.value) })) };
}

/** What JSON has of a number. */
export function finiteOrText(value: number): number | string {
  return Number.isFinite(value) ? value : `${value}`;
}

function parse(text: string): CellFile | null {
  try {
    const { sha256: digest, record } = JSON.parse(text) as { sha256: string; record: CellFile | FirstFormat };
    if (sha256(canonicalJson(record)) !== digest || jsonHash(record.identity) !== record.solution.cellKey)
      return null;
    if (record.format !== 1 && record.format !== 2) return null;
    const latest = record.format === 1 ? fromFirstFormat(record) : record;
    return { ...latest, solution: withScores(latest.solution, Number) };
  } catch {
    return null;
  }
}

/** The cell as the database has it. */
export function cellOf({
  identity,
  taskKind,
  dataset: name,
  imageShape,
  toy,
  titles,
  solution,
}: CellFile): CellRecord {
  const { kind, solver, task, prior, data, item, seed, precision, random: rng } = identity;
  return {
    key: solution.cellKey,
    method: methodRef({
      kind,
      name: solver.name,
      title: titles.method,
      version: solver.version,
      sourceSha256: solver.plugin,
      params: solver.params,
      prior: prior && {
        name: prior.name,
        version: prior.version,
        pluginSha256: prior.plugin,
        params: prior.params,
        weightsSha256: prior.weights,
        toy,
      },
    }),
    setting: settingRef({
      kind: taskKind,
      task: task.name,
      title: titles.setting,
      version: task.version,
      pluginSha256: task.plugin,
      params: task.params,
      data: dataOf(data, name),
      imageShape,
    }),
    item: item.id,
    itemSha256: item.sha256,
    seed,
    precision,
    rng,
  };
}

function dataOf(data: CellIdentity['data'], name: string): DataRef {
  if (data === 'folder') return { kind: 'folder', name, folder: '' };
  return { kind: 'set', name, pluginSha256: typeof data === 'string' ? undefined : data.plugin };
}

function runOf({ db }: Store, runId: number): Pick<CellFile, 'experiment' | 'run'> {
  const row = db
    .prepare(`
      SELECT e.name, e.config_file AS configFile, r.started, r.git_commit AS "commit", r.git_dirty AS dirty,
        r.git_diff_sha AS diffSha256, r.versions, r.host, r.devices, r.argv
      FROM runs r JOIN experiments e ON e.id = r.experiment_id WHERE r.id = ?`)
    .get(runId) as Record<
    'name' | 'configFile' | 'started' | 'versions' | 'host' | 'devices' | 'argv',
    string
  > & {
    commit: string | null;
    dirty: number;
    diffSha256: string | null;
  };
  const { name, configFile, started, commit, dirty, diffSha256, versions, host, devices, argv } = row;
  return {
    experiment: { name, configFile },
    run: {
      started,
      git: commit === null ? null : { commit, dirty: dirty === 1, diffSha256 },
      versions: JSON.parse(versions),
      host,
      devices: JSON.parse(devices),
      argv: JSON.parse(argv),
    },
  };
}
