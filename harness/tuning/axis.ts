import { z } from 'zod';
import { core } from '../config/check.ts';
import { lookUp } from '../config/entry.ts';
import { found, type Located, type LocatedEntry, listOf } from '../config/located.ts';
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
  const range = readRange(rangeSchema, value, schema.isInt === true, label);
  return { kind: 'range', parameter, keyWhere, where: value.where, ...range };
}

/** The values of an axis that stand in the file: the others lie between them. */
export function writtenValues(axis: Axis): readonly Located[] {
  if (axis.kind === 'list') return axis.items;
  return [axis.from, axis.to].map((value) => ({ kind: 'scalar', where: axis.where, value }));
}
