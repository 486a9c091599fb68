import { groupBy } from '../group-by.ts';
import { drawsOf, ofOneDraw } from '../identity/mean-of-draws.ts';
import type { MethodGroup } from '../identity/method-group.ts';
import { captionParameters } from '../identity/own-caption.ts';
import { differingKeys, formatParam, formatParams } from '../identity/param-text.ts';
import type { Params, SettingRef } from '../identity/refs.ts';
import { rolesOf } from '../tasks/roles.ts';
import type { MethodInfo } from './source.ts';

type TaskKind = SettingRef['kind'];

/** A row of a table. */
export interface Method {
  readonly key: string;
  readonly solver: string;
  readonly title: string;
  readonly params: Params;
  /** Title, with the mark of those that captions told more than others, and what sets it apart from the other rows of the same title. */
  readonly label: string;
  /** The task's baseline: bicubic, the measurement itself, ... */
  readonly trivial: boolean;
  /** What the experiment calls its prior; null for a baseline. */
  readonly prior: string | null;
  /** What kind of method it is; null: a baseline, or nobody knows. */
  readonly group: MethodGroup | null;
  /** Whether it was told the pictures' captions where its task gives none: they say something of the truth. */
  readonly captioned: boolean;
  /** Of how many draws its pictures are the mean. */
  readonly draws: number;
  /** Whether it takes part in best and second: means of draws do not, beside single draws. */
  readonly ranked: boolean;
}

/** Behind the names of captioned methods, and before the line that says so. */
export const CAPTIONED = '‡';

/** `super-resolution (factor=8, noise=0.01)`. */
export function nameWithParams(name: string, params: Params): string {
  const text = formatParams(params);
  return text === '' ? name : `${name} (${text})`;
}

/**
 * The methods of one table: trivial baselines first, then solvers by their priors, in their order of appearance; rows of
 * one title sorted by the parameters that differ.
 * @param kind of their task
 */
export function listMethods(methods: readonly MethodInfo[], kind: TaskKind): Method[] {
  const fewest = Math.min(...methods.filter(isSolver).map(({ params }) => drawsOf(params)));
  const listed = [...groupBy(methods, ({ title }) => title).values()].flatMap((namesakes) => {
    const labels = labelsOf(namesakes, kind);
    const varying = differingKeys(namesakes.map(({ params }) => params));
    return namesakes
      .map((method, i): Method => {
        const { key, name, title, params, group, priorName: prior } = method;
        const [label, trivial] = [labels[i]!, method.kind === 'baseline'];
        const captioned = extraCaptions(params, kind).length > 0;
        const draws = drawsOf(params);
        const ranked = trivial || draws === fewest;
        return { key, solver: name, title, params, label, trivial, prior, group, captioned, draws, ranked };
      })
      .sort((a, b) => compareParams(a.params, b.params, varying));
  });
  return [...groupBy(listed, ({ trivial, prior }) => JSON.stringify([!trivial, prior])).values()]
    .sort(([a], [b]) => Number(b!.trivial) - Number(a!.trivial))
    .flat();
}

/** What sets rows of one title apart beside their parameters, in the order in which it is tried. */
const DISTINCTIONS: readonly ((method: MethodInfo) => string)[] = [
  ({ kind, sourceSha256 }) => {
    if (kind === 'baseline') return 'baseline';
    return sourceSha256 === undefined ? '' : `plug-in ${sourceSha256.slice(0, 8)}`;
  },
  ({ name }) => name,
  ({ version }) => `version ${version}`,
  ({ priorName }) => priorName ?? '',
  ({ prior }) => prior?.name ?? '',
  ({ prior }) => (prior ? formatParams(prior.params) : ''),
  ({ prior }) => (prior ? `weights ${prior.weightsSha256.slice(0, 8)}` : ''),
];

function isSolver({ kind }: MethodInfo): boolean {
  return kind === 'solver';
}

/** Titles, each with no more behind it than tells it from the others. */
function labelsOf(namesakes: readonly MethodInfo[], kind: TaskKind): string[] {
  const params = ownParams(namesakes, kind);
  let details = namesakes.map((): string[] => []);
  const told = (i: number) => JSON.stringify([details[i], params[i]]);
  for (const say of DISTINCTIONS) {
    const alike = groupBy(namesakes.keys(), told);
    details = namesakes.map((method, i) => {
      const others = alike.get(told(i))!.map((other) => say(namesakes[other]!));
      return new Set(others).size > 1 ? [...details[i]!, say(method)] : details[i]!;
    });
  }
  return namesakes.map((method, i) => {
    const isCaptioned = extraCaptions(method.params, kind).length > 0;
    const title = isCaptioned ? `${method.title}${CAPTIONED}` : method.title;
    const all = [...details[i]!, params[i]!].filter(Boolean);
    return all.length > 0 ? `${title} (${all.join(', ')})` : title;
  });
}

/** The parameters through which a method is told captions that its task does not give everyone. */
function extraCaptions(params: Params, kind: TaskKind): string[] {
  return rolesOf(kind).givesCaptions ? [] : captionParameters(params);
}

/**
 * Of each method the parameters that differ among those of the same code, and those that are captions which the task does not
 * give. Titles say of how many draws they are the mean.
 */
function ownParams(namesakes: readonly MethodInfo[], kind: TaskKind): string[] {
  const codeOf = ({ kind, name, version, sourceSha256 }: MethodInfo) =>
    JSON.stringify([kind, name, version, sourceSha256]);
  const sameCode = groupBy(namesakes, codeOf);
  return namesakes.map((method) => {
    const differing = differingKeys(sameCode.get(codeOf(method))!.map(({ params }) => ofOneDraw(params)));
    return formatParams(method.params, [...new Set([...differing, ...extraCaptions(method.params, kind)])]);
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
