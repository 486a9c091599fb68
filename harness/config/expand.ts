import { z } from 'zod';
import { core } from './check.ts';
import type { Located, LocatedEntry } from './located.ts';

/**
 * All points of the grid that a parameter mapping spans. A list where the schema expects one value contributes each
 * of its entries; where the schema expects a list, a list of lists does. Several such keys give the Cartesian product,
 * the last key varying fastest.
 */
export function expand(schema: z.core.$ZodType, node: Located): Located[] {
  if (node.kind === 'list' && node.items.length > 0 && nesting(node) > listDepth(schema)) {
    return node.items.flatMap((item) => expand(schema, item));
  }
  const inner = core(schema);
  if (node.kind !== 'map' || !(inner instanceof z.ZodObject)) return [node];
  const shape: Readonly<Record<string, z.core.$ZodType>> = inner.shape;
  let points: ReadonlyMap<string, LocatedEntry>[] = [new Map()];
  for (const [key, { keyWhere, value }] of node.entries) {
    const choices = Object.hasOwn(shape, key) ? expand(shape[key]!, value) : [value];
    points = points.flatMap((point) =>
      choices.map((choice) => new Map(point).set(key, { keyWhere, value: choice })),
    );
  }
  return points.map((entries) => ({ kind: 'map', where: node.where, entries }));
}

/** How many lists deep every part of a value is. */
function nesting(node: Located): number {
  return node.kind === 'list' ? 1 + (node.items.length > 0 ? Math.min(...node.items.map(nesting)) : 0) : 0;
}

/** How many lists deep the schema allows a value to be. */
function listDepth(schema: z.core.$ZodType): number {
  const inner = core(schema);
  if (inner instanceof z.ZodUnion) return Math.max(...inner.options.map(listDepth));
  if (inner instanceof z.ZodArray) return 1 + listDepth(inner.element);
  return inner instanceof z.ZodTuple ? 1 : 0;
}
