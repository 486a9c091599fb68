import canonicalize from 'canonicalize';
import type { Params } from '../identity/refs.ts';
import type { SolverInfo } from './source.ts';

/** A row of a table: one solver with one set of parameters. */
export interface Method {
  readonly key: string;
  readonly solver: string;
  readonly params: Params;
  /** Solver's title and the parameters that set it apart from the same solver's other rows. */
  readonly label: string;
  readonly trivial: boolean;
}

/** Identity of a solver with its parameters. */
export function methodKey(solver: string, params: Params): string {
  return `${solver} ${canonicalize(params)}`;
}

/** Identity of a task with its parameters on a data set. */
export function taskKey(of: { task: string; taskParams: Params; dataset: string }): string {
  return `${of.task} ${canonicalize(of.taskParams)} ${of.dataset}`;
}

/** A parameter's value as a reader expects it: 3, 0.01, cat, [1,2]. */
export function formatParam(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
}

export function formatParams(params: Params, keys: readonly string[] = Object.keys(params)): string {
  return keys.map((key) => `${key}=${formatParam(params[key])}`).join(', ');
}

/** The parameters whose values differ among several settings. */
export function differingKeys(settings: readonly Params[]): string[] {
  const keys = [...new Set(settings.flatMap((params) => Object.keys(params)))];
  return keys.filter((key) => new Set(settings.map((params) => formatParam(params[key]))).size > 1);
}

/**
 * The methods of one table: trivial baselines first, then solvers in their order of appearance; rows of one solver
 * sorted by the parameters that differ.
 */
export function listMethods(
  rows: readonly { solver: string; params: Params }[],
  solvers: readonly SolverInfo[],
): Method[] {
  const bySolver = new Map<string, Map<string, Params>>();
  for (const { solver, params } of rows) {
    const settings = bySolver.get(solver) ?? new Map<string, Params>();
    settings.set(methodKey(solver, params), params);
    bySolver.set(solver, settings);
  }
  const methods = [...bySolver].flatMap(([solver, settings]) => {
    const info = solvers.find(({ name }) => name === solver);
    const varying = differingKeys([...settings.values()]);
    return [...settings]
      .sort(([, a], [, b]) => compareParams(a, b, varying))
      .map(([key, params]): Method => {
        const detail = varying.length ? ` (${formatParams(params, varying)})` : '';
        return {
          key,
          solver,
          params,
          label: (info?.title ?? solver) + detail,
          trivial: info?.trivial ?? false,
        };
      });
  });
  return [...methods.filter((m) => m.trivial), ...methods.filter((m) => !m.trivial)];
}

function compareParams(a: Params, b: Params, keys: readonly string[]): number {
  for (const key of keys) {
    const [x, y] = [a[key], b[key]];
    if (typeof x === 'number' && typeof y === 'number' && x !== y) return x - y;
    if (formatParam(x) !== formatParam(y)) return formatParam(x) < formatParam(y) ? -1 : 1;
  }
  return 0;
}
