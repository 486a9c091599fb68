import type { z } from 'zod';
import { type SourceLocation, UserError } from '../errors.ts';
import type { Params } from '../identity/refs.ts';
import { nearest, nearestName } from '../names.ts';
import { check } from './check.ts';
import { countPoints, expand } from './expand.ts';
import { grouped, MOST_METHODS, TooLarge } from './limits.ts';
import { found, type Located, type LocatedMap, quoted } from './located.ts';
import { Mistakes } from './mistakes.ts';
import { requirePlainValues } from './plain-values.ts';

/** `- name` or `- name: { params }`: one use of a registered solver, task or prior. */
export interface Entry<T> {
  readonly thing: T;
  /** The parameters as written: possibly a grid. */
  readonly params: Located;
  /** Keys beside the name, of those the caller allows. */
  readonly beside: ReadonlyMap<string, Located>;
}

/** Reads an entry and looks its name up. `kind` ("solver") and `allowedBeside` are for messages and extra keys. */
export function readEntry<T>(
  node: Located,
  kind: string,
  registry: ReadonlyMap<string, T>,
  allowedBeside: readonly string[] = [],
): Entry<T> {
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    const params: LocatedMap = { kind: 'map', where: node.where, entries: new Map() };
    return { thing: lookUp(registry, node.value, kind, node.where), params, beside: new Map() };
  }
  if (node.kind !== 'map') {
    throw new UserError(
      `expected a ${kind}: its name, or name: { parameters }; found ${found(node)}`,
      node.where,
    );
  }
  const names = [...node.entries].filter(([key]) => !allowedBeside.includes(key));
  const [first, second] = names;
  if (!first) throw new UserError(`expected the name of a ${kind}`, node.where);
  if (second) {
    const meant = registry.has(second[0]) ? null : nearestName(second[0], allowedBeside);
    const hint = meant === null ? `start each ${kind} with its own "-"` : `did you mean "${meant}"?`;
    throw new UserError(
      `${quoted(second[0])} stands beside ${quoted(first[0])}: ${hint}`,
      second[1].keyWhere,
    );
  }
  const [name, { keyWhere, value }] = first;
  const empty = value.kind === 'scalar' && value.value === null;
  const beside = [...node.entries]
    .filter(([key]) => allowedBeside.includes(key))
    .map(([key, e]) => [key, e.value] as const);
  return {
    thing: lookUp(registry, name, kind, keyWhere),
    params: empty ? { kind: 'map', where: value.where, entries: new Map() } : value,
    beside: new Map(beside),
  };
}

/** The registered thing of that name; throws a UserError that proposes the nearest one. */
export function lookUp<T>(
  registry: ReadonlyMap<string, T>,
  name: string,
  kind: string,
  where?: SourceLocation,
): T {
  const thing = registry.get(name);
  if (!thing)
    throw new UserError(`unknown ${kind} ${quoted(name)}: ${nearest(name, registry.keys())}`, where);
  return thing;
}

/** One point of a grid, and the mapping that says it in the file. */
export interface GridPoint {
  readonly params: Params;
  readonly written: Located;
}

/** How many points the parameters span. Throws TooLarge for more than any experiment may have. */
export function countGrid(schema: z.ZodObject, params: Located, label: string): number {
  const points = countPoints(schema, params);
  if (points <= MOST_METHODS) return points;
  throw new TooLarge(
    `${label}: asks for a grid of ${grouped(points)} points; an experiment has at most ${grouped(MOST_METHODS)}`,
    params.where,
  );
}

/** One point's parameters, complete with defaults. Throws UserError for values that no key could be made of. */
export function checkParameters(schema: z.ZodObject, written: Located, label: string): Params {
  const params = check(schema, written, label);
  requirePlainValues(params, written, label);
  return params;
}

/** The grid that the parameters span, each point validated and complete with defaults. */
export function gridPoints(schema: z.ZodObject, params: Located, label: string): GridPoint[] {
  const mistakes = new Mistakes();
  const points = expand(schema, params).flatMap((written) => {
    const checked = mistakes.attempt(() => checkParameters(schema, written, label));
    return checked ? [{ params: checked, written }] : [];
  });
  mistakes.refuse();
  return points;
}
