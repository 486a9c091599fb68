import { z } from 'zod';
import { UserError } from '../errors.ts';
import { check, core } from './check.ts';
import { type Located, nodeAt } from './located.ts';

/** Numbers from one to another; `whole`: rounded to integers. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly scale: 'linear' | 'log';
  readonly whole: boolean;
}

/** A range as a file says it. */
export const rangeSchema = z.object({
  from: z.number().describe('The first number.'),
  to: z.number().describe('The last number.'),
  scale: z.enum(['linear', 'log']).default('linear').describe('Equal differences, or equal quotients.'),
});

const MOST = 10_000;

/** A range of which each number is a point of a grid. */
export const gridRangeSchema = rangeSchema.extend({
  count: z.int().min(2).max(MOST).describe('How many numbers, both ends included.'),
});

/** Digits of a value in a range: what is tried is what a person pastes. */
const DIGITS = 4;

/** The number at a place of a range, from 0 (`from`) to 1 (`to`). */
export function valueAt({ from, to, scale, whole }: Range, place: number): number {
  const value = scale === 'log' ? from * (to / from) ** place : from + place * (to - from);
  const shown = whole ? Math.round(value) : Number(value.toPrecision(DIGITS));
  return Math.min(to, Math.max(from, shown));
}

/**
 * Reads a range for a parameter that is a number.
 * @throws UserError where it does not rise, or is no more than 0 on a scale of logarithms
 */
export function readRange<S extends typeof rangeSchema>(
  schema: S,
  node: Located,
  whole: boolean,
  label: string,
): Range & z.infer<S> {
  const range = check(schema, node, label);
  const { from, to, scale } = range;
  const { where } = nodeAt(node, ['from']);
  if (from >= to) throw new UserError(`${label}: expected from below to, found from ${from} to ${to}`, where);
  if (scale === 'log' && from <= 0)
    throw new UserError(`${label}.from: expected more than 0 for scale: log, found ${from}`, where);
  return { ...range, whole };
}

/** Whether a mapping stands where a number is expected, and says which numbers. */
export function isRange(schema: z.core.$ZodType, node: Located): boolean {
  return node.kind === 'map' && node.entries.has('from') && numberIn(schema) !== null;
}

/** The numbers of a range, each once. @throws UserError for a range that is none */
export function numbersIn(schema: z.core.$ZodType, node: Located): Located[] {
  const whole = numberIn(schema)?.isInt === true;
  const range = readRange(gridRangeSchema, node, whole, 'range');
  const values = Array.from({ length: range.count }, (_, i) => valueAt(range, i / (range.count - 1)));
  return [...new Set(values)].map((value) => ({ kind: 'scalar', where: node.where, value }));
}

/** The number that a parameter is, or can be. */
function numberIn(schema: z.core.$ZodType): z.ZodNumber | null {
  const inner = core(schema);
  if (inner instanceof z.ZodNumber) return inner;
  return inner instanceof z.ZodUnion ? (inner.options.map(numberIn).find(Boolean) ?? null) : null;
}
