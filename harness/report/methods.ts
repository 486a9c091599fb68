import type { Params } from '../identity/refs.ts';
import type { MethodRow } from '../store/rows.ts';
import { groupBy } from './group-by.ts';

/** A row of a table. */
export interface Method {
  readonly key: string;
  readonly solver: string;
  readonly params: Params;
  /** Title, and what sets it apart from the other rows of the same title. */
  readonly label: string;
  /** The task's baseline: bicubic, the measurement itself, ... */
  readonly trivial: boolean;
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
 * The methods of one table: trivial baselines first, then solvers in their order of appearance; rows of one title sorted
 * by the parameters that differ.
 */
export function listMethods(methods: readonly MethodRow[]): Method[] {
  const listed = [...groupBy(methods, ({ title }) => title)].flatMap(([title, namesakes]) => {
    const varying = differingKeys(namesakes.map(({ params }) => params));
    const labels = labelsOf(title, namesakes, varying);
    return namesakes
      .map(({ key, kind, name, params }, i): Method => {
        return { key, solver: name, params, label: labels[i]!, trivial: kind === 'baseline' };
      })
      .sort((a, b) => compareParams(a.params, b.params, varying));
  });
  return [...listed.filter((m) => m.trivial), ...listed.filter((m) => !m.trivial)];
}

/** What else than parameters sets namesakes apart, in the order in which it is said. */
const DISTINCTIONS: readonly ((method: MethodRow) => string)[] = [
  ({ kind }) => (kind === 'baseline' ? 'baseline' : ''),
  ({ name }) => name,
  ({ version }) => `version ${version}`,
  ({ sourceSha256 }) => (sourceSha256 === undefined ? '' : `plug-in ${sourceSha256.slice(0, 8)}`),
  ({ prior }) => prior?.name ?? '',
  ({ prior }) => (prior ? formatParams(prior.params) : ''),
  ({ prior }) => (prior ? `weights ${prior.weightsSha256.slice(0, 8)}` : ''),
];

function labelsOf(title: string, namesakes: readonly MethodRow[], varying: readonly string[]): string[] {
  const telling = DISTINCTIONS.filter((say) => new Set(namesakes.map(say)).size > 1);
  return namesakes.map((method) => {
    const own = varying.filter((key) => Object.hasOwn(method.params, key));
    const details = [...telling.map((say) => say(method)), formatParams(method.params, own)].filter(Boolean);
    return details.length > 0 ? `${title} (${details.join(', ')})` : title;
  });
}

function compareParams(a: Params, b: Params, keys: readonly string[]): number {
  for (const key of keys) {
    const [x, y] = [a[key], b[key]];
    if (typeof x === 'number' && typeof y === 'number' && x !== y) return x - y;
    if (formatParam(x) !== formatParam(y)) return formatParam(x) < formatParam(y) ? -1 : 1;
  }
  return 0;
}
