import { z } from 'zod';
import { core } from './check.ts';
import type { Located, LocatedEntry, LocatedList } from './located.ts';
import { isRange, numbersIn } from './range.ts';
import { axesOf, refuseUnequal } from './zip.ts';

/**
 * All points of the grid that a parameter mapping spans. A list where the schema expects one value contributes each
 * of its entries, a range each of its numbers; where the schema expects a list, a list of lists does. Several such keys give the Cartesian product,
 * the last key varying fastest; those that a zip names vary together, at the place of the first.
 * @throws UserError for a zip or a range that is none
 */
export function expand(schema: z.core.$ZodType, node: Located): Located[] {
  if (isChoice(schema, node)) return node.items.flatMap((item) => expand(schema, item));
  if (isRange(schema, node)) return numbersIn(schema, node);
  const inner = core(schema);
  if (node.kind !== 'map' || !(inner instanceof z.ZodObject)) return [node];
  const shape: Readonly<Record<string, z.core.$ZodType>> = inner.shape;
  let points: ReadonlyMap<string, LocatedEntry>[] = [new Map()];
  for (const axis of axesOf(node, shape)) {
    const choices = axis.map(([key, { value }]) =>
      Object.hasOwn(shape, key) ? expand(shape[key]!, value) : [value],
    );
    refuseUnequal(
      axis,
      choices.map(({ length }) => length),
    );
    points = points.flatMap((point) =>
      choices[0]!.map((_, i) => {
        const chosen = axis.map(
          ([key, { keyWhere }], j) => [key, { keyWhere, value: choices[j]![i]! }] as const,
        );
        return new Map([...point, ...chosen]);
      }),
    );
  }
  return points.map((entries) => ({ kind: 'map', where: node.where, entries }));
}

/** How many points `expand` would give, without making them. */
export function countPoints(schema: z.core.$ZodType, node: Located): number {
  if (isChoice(schema, node)) return node.items.reduce((sum, item) => sum + countPoints(schema, item), 0);
  if (isRange(schema, node)) return numbersIn(schema, node).length;
  const inner = core(schema);
  if (node.kind !== 'map' || !(inner instanceof z.ZodObject)) return 1;
  const shape: Readonly<Record<string, z.core.$ZodType>> = inner.shape;
  return axesOf(node, shape).reduce((product, axis) => {
    const counts = axis.map(([key, { value }]) =>
      Object.hasOwn(shape, key) ? countPoints(shape[key]!, value) : 1,
    );
    refuseUnequal(axis, counts);
    return product * counts[0]!;
  }, 1);
}

/** A list whose entries are points of their own. */
function isChoice(schema: z.core.$ZodType, node: Located): node is LocatedList {
  return node.kind === 'list' && node.items.length > 0 && nesting(node) > listDepth(schema);
}

/** How many lists deep every part of a value is. */
function nesting(node: Located): number {
  if (node.kind !== 'list') return 0;
  const [first, ...rest] = node.items;
  return 1 + (first ? rest.reduce((least, item) => Math.min(least, nesting(item)), nesting(first)) : 0);
}

/** How many lists deep the schema allows a value to be. */
function listDepth(schema: z.core.$ZodType): number {
  const inner = core(schema);
  if (inner instanceof z.ZodUnion) return Math.max(...inner.options.map(listDepth));
  if (inner instanceof z.ZodArray) return 1 + listDepth(inner.element);
  return inner instanceof z.ZodTuple ? 1 : 0;
}
