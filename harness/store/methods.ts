import { canonicalJson } from '../identity/canonical.ts';
import { priorKey } from '../identity/keys.ts';
import type { MethodRef, PriorRef, SettingRef } from '../identity/refs.ts';
import type { ExperimentRecord } from './records.ts';
import type { MethodRow, Named, SettingRow } from './rows.ts';
import type { Store } from './store.ts';
import { stored, storedJson } from './stored-json.ts';

/** Makes a method known; of one that is known, what its key does not hold is brought up to date. */
export function enterMethod({ db }: Store, method: MethodRef): void {
  const { key, kind, name, title, version, sourceSha256, params, prior } = method;
  db.prepare(`
    INSERT INTO methods (key, kind, name, title, version, source_sha, params, prior, prior_version, prior_source_sha,
      prior_params, prior_sha, toy)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET title = excluded.title, toy = excluded.toy`).run(
    key,
    kind,
    name,
    title,
    version,
    sourceSha256 ?? null,
    canonicalJson(params),
    prior?.name ?? null,
    prior?.version ?? null,
    prior?.pluginSha256 ?? null,
    prior && canonicalJson(prior.params),
    prior?.weightsSha256 ?? null,
    prior?.toy ? 1 : 0,
  );
}

/** Makes a setting known, as `enterMethod` does a method. */
export function enterSetting({ db }: Store, setting: SettingRef): void {
  const { key, kind, task, title, version, params, data, imageShape } = setting;
  db.prepare(`
    INSERT INTO settings (key, kind, task, title, version, params, dataset, image_shape) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET title = excluded.title`).run(
    key,
    kind,
    task,
    title,
    version,
    canonicalJson(params),
    data.name,
    JSON.stringify(imageShape),
  );
}

/** All methods and settings that the store knows. */
export function readNamed(store: Store): Named {
  return { methods: byKey(readMethods(store)), settings: byKey(readSettings(store)) };
}

/** What an experiment calls a method's prior; where that was not kept, its own name. */
export function priorNameOf(
  { prior }: MethodRow,
  named: ExperimentRecord['report']['priors'],
): string | null {
  if (prior === null) return null;
  return named?.find(({ key }) => key === priorKey(prior))?.name ?? prior.name;
}

type StoredMethod = Pick<MethodRow, 'key' | 'kind' | 'name' | 'title' | 'version'> &
  Record<'params', string> &
  Record<'sourceSha256' | 'prior' | 'priorSource' | 'priorParams' | 'priorSha256', string | null> & {
    priorVersion: number | null;
    toy: number;
  };

function readMethods({ db }: Store): MethodRow[] {
  const rows = db
    .prepare(`
      SELECT key, kind, name, title, version, source_sha AS sourceSha256, params, prior, prior_version AS priorVersion,
        prior_source_sha AS priorSource, prior_params AS priorParams, prior_sha AS priorSha256, toy FROM methods`)
    .all() as StoredMethod[];
  return rows.map((row) => {
    const { key, kind, name, title, version, sourceSha256, params } = row;
    return {
      key,
      kind,
      name,
      title,
      version,
      sourceSha256: sourceSha256 ?? undefined,
      params: storedJson(params, 'methods.params', stored.params),
      prior: priorOf(row),
    };
  });
}

function priorOf({
  prior,
  priorVersion,
  priorSource,
  priorParams,
  priorSha256,
  toy,
}: StoredMethod): PriorRef | null {
  if (prior === null) return null;
  return {
    name: prior,
    version: priorVersion!,
    pluginSha256: priorSource ?? undefined,
    params: storedJson(priorParams!, 'methods.prior_params', stored.params),
    weightsSha256: priorSha256!,
    toy: toy === 1,
  };
}

function readSettings({ db }: Store): SettingRow[] {
  const rows = db
    .prepare(
      'SELECT key, kind, task, title, version, params, dataset, image_shape AS imageShape FROM settings',
    )
    .all() as (Omit<SettingRow, 'params' | 'imageShape'> & Record<'params' | 'imageShape', string>)[];
  return rows.map((row) => ({
    ...row,
    params: storedJson(row.params, 'settings.params', stored.params),
    imageShape: storedJson(row.imageShape, 'settings.image_shape', stored.numbers),
  }));
}

function byKey<T extends { readonly key: string }>(things: readonly T[]): ReadonlyMap<string, T> {
  return new Map(things.map((thing) => [thing.key, thing]));
}
