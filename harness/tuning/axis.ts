import { z } from 'zod';
import { check, core } from '../config/check.ts';
import { lookUp } from '../config/entry.ts';
import { found, type Located, type LocatedEntry, listOf } from '../config/located.ts';
import { Mistakes } from '../config/mistakes.ts';
import { type Range, rangeSchema, readRange } from '../config/range.ts';
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

/** Numbers from one to another, both included. */
export interface RangeAxis extends Range {
  readonly kind: 'range';
  readonly parameter: string;
  readonly keyWhere: SourceLocation;
  readonly where: SourceLocation;
}

/**
 * @throws UserError for a parameter that the solver has not, an empty list, a range that is none, and every value that the
 * parameter's schema refuses
 */
export function readAxis(solver: Solver, parameter: string, { keyWhere, value }: LocatedEntry): Axis {
  const label = `tune.search.${solver.name}.${parameter}`;
  const fields = new Map(Object.entries(solver.params.shape));
  const field = lookUp(fields, parameter, `parameter of ${solver.name}`, keyWhere);
  const axis = axisOf(core(field), parameter, { keyWhere, value }, label);
  const mistakes = new Mistakes();
  for (const one of writtenValues(axis))
    mistakes.attempt(() => check(field, one, `${solver.name}.${parameter}`));
  mistakes.refuse();
  return axis;
}

function axisOf(
  schema: z.core.$ZodType,
  parameter: string,
  { keyWhere, value }: LocatedEntry,
  label: string,
): Axis {
  if (value.kind !== 'map') {
    const items = listOf(value);
    const isNothing = value.kind === 'scalar' && value.value === null;
    if (items.length === 0 || isNothing)
      throw new UserError(`${label}: expected candidates, found ${found(value)}`, value.where);
    return { kind: 'list', parameter, keyWhere, items };
  }
  if (!(schema instanceof z.ZodNumber))
    throw new UserError(`${label}: expected a list of candidates: this parameter is no number`, value.where);
  const range = readRange(rangeSchema, value, schema.isInt === true, label);
  return { kind: 'range', parameter, keyWhere, where: value.where, ...range };
}

/** The values of an axis that stand in the file: the others lie between them. */
export function writtenValues(axis: Axis): readonly Located[] {
  if (axis.kind === 'list') return axis.items;
  return [axis.from, axis.to].map((value) => ({ kind: 'scalar', where: axis.where, value }));
}
