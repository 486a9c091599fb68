import { UserError } from '../errors.ts';
import type { Rows } from '../metrics/rows.ts';
import type { Given } from './given.ts';
import { toDoubles } from './values.ts';

/** A matrix among a case's arguments, in double precision. Throws UserError for an array of another rank. */
export function rowsOf(given: Given, argument: string): Rows {
  const values = given.values(argument);
  const [rows, columns] = values.shape;
  if (values.shape.length !== 2)
    throw new UserError(`${argument} has shape [${values.shape}]; expected a matrix`);
  return { rows: rows!, columns: columns!, data: toDoubles(values) };
}
