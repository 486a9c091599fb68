import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { CellGroup, MetricRef, PlannedItem } from './refs.ts';

/** sha256 (hex) of the canonical JSON (RFC 8785) of a value. */
export function jsonHash(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('this value has no JSON form');
  return createHash('sha256').update(text).digest('hex');
}

/** All that a cell's restored image depends on, besides the picture. */
export type CellMethod = Pick<
  CellGroup,
  | 'kind'
  | 'solver'
  | 'solverVersion'
  | 'solverPluginSha256'
  | 'params'
  | 'task'
  | 'taskVersion'
  | 'taskParams'
  | 'prior'
  | 'data'
  | 'seed'
  | 'rng'
  | 'precision'
>;

/** All that a restored image's key is a hash of. */
export type CellIdentity = ReturnType<typeof cellIdentity>;

/** Key of one restored image. */
export function solvingKey(method: CellMethod, item: Pick<PlannedItem, 'id' | 'sha256'>): string {
  return jsonHash(cellIdentity(method, item));
}

/**
 * Identity of one restored image. Device, threads and batch size are provenance and stay out: they change a result
 * within the stated tolerance only. A folder's path stays out too: the picture is known by its hash.
 */
export function cellIdentity(method: CellMethod, item: Pick<PlannedItem, 'id' | 'sha256'>) {
  const { prior } = method;
  return {
    kind: method.kind,
    // JSON leaves out what is undefined: built-in code is known by its version alone.
    solver: {
      name: method.solver,
      version: method.solverVersion,
      plugin: method.solverPluginSha256,
      params: method.params,
    },
    task: { name: method.task, version: method.taskVersion, params: method.taskParams },
    prior: prior && {
      name: prior.name,
      version: prior.version,
      plugin: prior.pluginSha256,
      params: prior.params,
      weights: prior.weightsSha256,
    },
    data: method.data.kind === 'set' ? method.data.name : 'folder',
    item: { id: item.id, sha256: item.sha256 },
    seed: method.seed,
    precision: method.precision,
    random: method.rng,
  };
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
