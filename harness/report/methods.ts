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
  const listed = [...groupBy(methods, ({ title }) => title).values()].flatMap((namesakes) => {
    const labels = labelsOf(namesakes);
    const varying = differingKeys(namesakes.map(({ params }) => params));
    return namesakes
      .map(({ key, kind, name, params }, i): Method => {
        return { key, solver: name, params, label: labels[i]!, trivial: kind === 'baseline' };
      })
      .sort((a, b) => compareParams(a.params, b.params, varying));
  });
  return [...listed.filter((m) => m.trivial), ...listed.filter((m) => !m.trivial)];
}

/** What sets rows of one title apart beside their parameters, in the order in which it is tried. */
const DISTINCTIONS: readonly ((method: MethodRow) => string)[] = [
  ({ kind, sourceSha256 }) => {
    if (kind === 'baseline') return 'baseline';
    return sourceSha256 === undefined ? '' : `plug-in ${sourceSha256.slice(0, 8)}`;
  },
  ({ name }) => name,
  ({ version }) => `version ${version}`,
  ({ prior }) => prior?.name ?? '',
  ({ prior }) => (prior ? formatParams(prior.params) : ''),
  ({ prior }) => (prior ? `weights ${prior.weightsSha256.slice(0, 8)}` : ''),
];

/** Titles, each with no more behind it than tells it from the others. */
function labelsOf(namesakes: readonly MethodRow[]): string[] {
  const params = ownParams(namesakes);
  let details = namesakes.map((): string[] => []);
  const told = (i: number) => JSON.stringify([details[i], params[i]]);
  for (const say of DISTINCTIONS) {
    const alike = groupBy(namesakes.keys(), told);
    details = namesakes.map((method, i) => {
      const others = alike.get(told(i))!.map((other) => say(namesakes[other]!));
      return new Set(others).size > 1 ? [...details[i]!, say(method)] : details[i]!;
    });
  }
  return namesakes.map(({ title }, i) => {
    const all = [...details[i]!, params[i]!].filter(Boolean);
    return all.length > 0 ? `${title} (${all.join(', ')})` : title;
  });
}

/** Of each method the parameters that differ among those of the same code. */
function ownParams(namesakes: readonly MethodRow[]): string[] {
  const codeOf = ({ kind, name, version, sourceSha256 }: MethodRow) =>
    JSON.stringify([kind, name, version, sourceSha256]);
  const sameCode = groupBy(namesakes, codeOf);
  return namesakes.map((method) =>
    formatParams(method.params, differingKeys(sameCode.get(codeOf(method))!.map(({ params }) => params))),
  );
}

function compareParams(a: Params, b: Params, keys: readonly string[]): number {
  for (const key of keys) {
    const [x, y] = [a[key], b[key]];
    if (typeof x === 'number' && typeof y === 'number' && x !== y) return x - y;
    if (formatParam(x) !== formatParam(y)) return formatParam(x) < formatParam(y) ? -1 : 1;
  }
  return 0;
}
