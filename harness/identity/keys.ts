import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Batch, DataRef, MethodRef, MetricRef, PlannedItem, PriorRef, SettingRef } from './refs.ts';

/** sha256 (hex) of the canonical JSON (RFC 8785) of a value. */
export function jsonHash(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('this value has no JSON form');
  return createHash('sha256').update(text).digest('hex');
}

/** What is told of a method; its key follows. */
export type MethodFacts = Omit<MethodRef, 'key'>;
/** What is told of a setting; its key follows. */
export type SettingFacts = Omit<SettingRef, 'key'>;

/** A method with its key: two of one key give the same picture of the same measurement and random numbers. */
export function methodRef(facts: MethodFacts): MethodRef {
  const { kind, prior } = facts;
  const key = jsonHash({ kind, solver: solverIdentity(facts), prior: prior && priorIdentity(prior) });
  return { key, ...facts };
}

/** A setting with its key: numbers of one key may stand in one column. */
export function settingRef(facts: SettingFacts): SettingRef {
  const { kind, data, imageShape } = facts;
  return {
    key: jsonHash({ kind, task: taskIdentity(facts), data: settingData(data), imageShape }),
    ...facts,
  };
}

/** Hash of everything that tells one prior from another. */
export function priorKey(prior: PriorRef): string {
  return jsonHash(priorIdentity(prior));
}

/** All that a cell's restored image depends on, besides the picture and its seed. */
export interface CellMethod extends Pick<Batch, 'rng' | 'precision'> {
  readonly method: MethodFacts;
  readonly setting: Pick<SettingRef, 'task' | 'version' | 'pluginSha256' | 'params' | 'data'>;
}

/** All that a restored image's key is a hash of. */
export type CellIdentity = ReturnType<typeof cellIdentity>;

/** A picture with its seed, and what its method is told of it beside the measurement. */
export type KeyedItem = Omit<PlannedItem, 'cellKey' | 'method'>;

/** Key of one restored image. */
export function solvingKey(of: CellMethod, item: KeyedItem): string {
  return solvingKeys(of)(item);
}

/**
 * Keys of what one method restores in one setting. All but picture and seed is the same: it is brought into its canonical form
 * once.
 */
export function solvingKeys(of: CellMethod): (item: KeyedItem) => string {
  const members = Object.entries(cellIdentity(of, { id: '', sha256: '', seed: 0 }))
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name, text: `"${name}":${canonicalize(value)}` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return (item) => {
    const own = ownMembers(item);
    const text = members.map(({ name, text }) => own[name] ?? text).join(',');
    return createHash('sha256').update(`{${text}}`).digest('hex');
  };
}

/** A plan asks all its methods of the same pictures, thousands of times each. */
const known = new WeakMap<KeyedItem, Readonly<Record<string, string>>>();

/** What of a cell's identity is a picture's and a seed's own, by name. */
function ownMembers(item: KeyedItem): Readonly<Record<string, string>> {
  const own = known.get(item) ?? {
    item: `"item":${canonicalize(itemIdentity(item))}`,
    seed: `"seed":${canonicalize(item.seed)}`,
  };
  known.set(item, own);
  return own;
}

/**
 * Identity of one restored image. Device, threads and batch size are provenance and stay out: they change a result
 * within the stated tolerance only. A folder's path stays out too: the picture is known by its hash.
 */
export function cellIdentity({ method, setting, precision, rng }: CellMethod, item: KeyedItem) {
  const { prior } = method;
  return {
    kind: method.kind,
    solver: solverIdentity(method),
    task: taskIdentity(setting),
    prior: prior && priorIdentity(prior),
    data: dataIdentity(setting.data),
    item: itemIdentity(item),
    seed: item.seed,
    precision,
    random: rng,
  };
}

function itemIdentity({ id, sha256, caption }: KeyedItem) {
  return { id, sha256, ...(caption !== undefined && { caption }) };
}

/** JSON leaves out what is undefined: built-in code is known by its version alone. */
function solverIdentity({ name, version, sourceSha256, params }: MethodFacts) {
  return { name, version, plugin: sourceSha256, params };
}

function priorIdentity({ name, version, pluginSha256, params, weightsSha256 }: PriorRef) {
  return { name, version, plugin: pluginSha256, params, weights: weightsSha256 };
}

function taskIdentity({
  task,
  version,
  pluginSha256,
  params,
}: Pick<SettingRef, 'task' | 'version' | 'pluginSha256' | 'params'>) {
  return { name: task, version, plugin: pluginSha256, params };
}

function settingData(data: DataRef) {
  const plugin = data.kind === 'set' ? data.pluginSha256 : undefined;
  return { kind: data.kind, name: data.name, plugin };
}

/** A set of a plug-in is named with its hash: another file may give other captions or labels to the same pictures. */
function dataIdentity(data: DataRef) {
  if (data.kind === 'folder') return 'folder';
  const { name, pluginSha256: plugin } = data;
  return plugin === undefined ? name : { name, plugin };
}

/** What a problem is: the same for every method that is given it. */
export interface ProblemFacts {
  /** Key of the setting. */
  readonly setting: string;
  readonly seed: number;
  readonly rng: string;
  readonly id: string;
  /** sha256 of the picture's pixels. */
  readonly pixels: string;
}

/** Key of what methods are given of one picture: two of one key are the same measurement. */
export function problemKey({ setting, seed, rng, id, pixels }: ProblemFacts): string {
  return jsonHash({ setting, seed, rng, id, pixels });
}

/** Identity of one metric value: a corrected metric scores again and solves nothing again. */
export function scoringKey(cellKey: string, { name, version, protocol }: Omit<MetricRef, 'level'>): string {
  return jsonHash({ cell: cellKey, metric: { name, version, protocol } });
}

/** Identity of one set-level value: the solutions and reference pictures it compares, in no order, and the protocol. */
export function setScoringKey(
  solutions: readonly string[],
  references: readonly string[],
  { name, version, protocol }: Omit<MetricRef, 'level'>,
): string {
  return jsonHash({
    solutions: [...solutions].sort(),
    references: [...references].sort(),
    metric: { name, version, protocol },
  });
}
