import { z } from 'zod';
import { check, core } from '../config/check.ts';
import { lookUp } from '../config/entry.ts';
import { found, type Located, type LocatedEntry, listOf, nodeAt } from '../config/located.ts';
import { type SourceLocation, UserError } from '../errors.ts';
import type { Solver } from '../solvers/solver.ts';

/** The values of one parameter that a search may try. */
export type Axis = ListAxis | RangeAxis;

/** Candidates in their order. */
export interface ListAxis {
  readonly kind: 'list';
  readonly parameter: string;
  readonly keyWhere: SourceLocation;
  readonly items: readonly Located[];
}

/** Numbers from one to another, both included; `whole`: rounded to integers. */
export interface RangeAxis {
  readonly kind: 'range';
  readonly parameter: string;
  readonly keyWhere: SourceLocation;
  readonly where: SourceLocation;
  readonly from: number;
  readonly to: number;
  readonly scale: 'linear' | 'log';
  readonly whole: boolean;
}

/** A range as the section says it. */
export const rangeSchema = z.object({
  from: z.number(),
  to: z.number(),
  scale: z.enum(['linear', 'log']).default('linear'),
});

/** @throws UserError for a parameter that the solver has not, an empty list, and a range that is none */
export function readAxis(solver: Solver, parameter: string, { keyWhere, value }: LocatedEntry): Axis {
  const label = `tune.search.${solver.name}.${parameter}`;
  const fields = new Map(Object.entries(solver.params.shape));
  const schema = core(lookUp(fields, parameter, `parameter of ${solver.name}`, keyWhere));
  if (value.kind !== 'map') {
    const items = listOf(value);
    const isNothing = value.kind === 'scalar' && value.value === null;
    if (items.length === 0 || isNothing)
      throw new UserError(`${label}: expected candidates, found ${found(value)}`, value.where);
    return { kind: 'list', parameter, keyWhere, items };
  }
  if (!(schema instanceof z.ZodNumber))
    throw new UserError(`${label}: expected a list of candidates: this parameter is no number`, value.where);
  const { from, to, scale } = check(rangeSchema, value, label);
  if (from >= to)
    throw new UserError(
      `${label}: expected from below to, found from ${from} to ${to}`,
      nodeAt(value, ['from']).where,
    );
  if (scale === 'log' && from <= 0)
    throw new UserError(
      `${label}.from: expected more than 0 for scale: log, found ${from}`,
      nodeAt(value, ['from']).where,
    );
  return { kind: 'range', parameter, keyWhere, where: value.where, from, to, scale, whole: schema.isInt };
}

/** The values of an axis that stand in the file: the others lie between them. */
export function writtenValues(axis: Axis): readonly Located[] {
  if (axis.kind === 'list') return axis.items;
  return [axis.from, axis.to].map((value) => ({ kind: 'scalar', where: axis.where, value }));
}

/** Digits of a value in a range: what is tried is what a person pastes. */
const DIGITS = 4;

/** The number at a place of a range, from 0 (`from`) to 1 (`to`). */
export function valueAt({ from, to, scale, whole }: RangeAxis, place: number): number {
  const value = scale === 'log' ? from * (to / from) ** place : from + place * (to - from);
  const shown = whole ? Math.round(value) : Number(value.toPrecision(DIGITS));
  return Math.min(to, Math.max(from, shown));
}
