import { isDeepStrictEqual } from 'node:util';
import { BESIDE_SOLVERS, BESIDE_TASKS } from '../../beside-names.ts';

/** A value of an experiment file that another one has otherwise. */
export interface ConfigChange {
  /** e.g. `solvers.ldps.steps`. */
  readonly key: string;
  /** undefined: does not stand there. */
  readonly before: unknown;
  readonly after: unknown;
}

type Values = Readonly<Record<string, unknown>>;

/** Lists whose entries have names: a solver or task, and beside it what is said of it. */
const NAMED = ['solvers', 'tasks'];
const BESIDE = [...BESIDE_SOLVERS, ...BESIDE_TASKS];

/** What two experiments' files say otherwise, value by value, in the order of the keys. */
export function configChanges(before: Values, after: Values): ConfigChange[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((key) => ({ key, before: old.get(key), after: now.get(key) }))
    .filter((change) => !isDeepStrictEqual(change.before, change.after));
}

/** `solvers.ldps.steps 50 -> 100` */
export function changeText({ key, before, after }: ConfigChange): string {
  if (before === undefined) return `${key}${written(after)} added`;
  if (after === undefined) return `${key}${written(before)} removed`;
  return `${key}${written(before)} ->${written(after)}`;
}

/** With a space before it; nothing for an entry without parameters. */
function written(value: unknown): string {
  if (isMapping(value)) return '';
  return ` ${typeof value === 'string' ? value : JSON.stringify(value)}`;
}

function leavesOf(values: Values): Map<string, unknown> {
  return new Map(
    Object.entries(values).flatMap(([key, value]) =>
      NAMED.includes(key) && Array.isArray(value) ? entries(key, value) : leaves(key, value),
    ),
  );
}

/** Mappings are entered, lists of plain values are one value. */
function leaves(key: string, value: unknown): [string, unknown][] {
  if (isMapping(value) && Object.keys(value).length > 0)
    return Object.entries(value).flatMap(([name, inner]) => leaves(`${key}.${name}`, inner));
  if (Array.isArray(value) && value.some(isMapping))
    return value.flatMap((inner, i) => leaves(`${key}.${i + 1}`, inner));
  return [[key, value]];
}

/** A name that stands there again has its number. */
function entries(key: string, list: readonly unknown[]): [string, unknown][] {
  const counts = new Map<string, number>();
  return list.flatMap((entry) => {
    const parts: Values = isMapping(entry) ? entry : { [String(entry)]: {} };
    const name = Object.keys(parts).find((part) => !BESIDE.includes(part)) ?? '';
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const path = count === 1 ? `${key}.${name}` : `${key}.${name}#${count}`;
    return Object.entries(parts).flatMap(([part, value]) =>
      leaves(part === name ? path : `${path}.${part}`, value ?? {}),
    );
  });
}

function isMapping(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
