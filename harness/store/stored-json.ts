import { UserError } from '../errors.ts';

/**
 * JSON of a column.
 * @param column where it stands, e.g. `cells.params`
 * @throws UserError where it is none: the database is not as it was written
 */
export function storedJson<T = Record<string, unknown>>(text: string, column: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new UserError(
      `the results' database is damaged: ${column} holds ${JSON.stringify(text.slice(0, 40))}, which is not JSON; ` +
        'to make a new one of the stored files: tweedie rebuild EXPERIMENT.yaml',
    );
  }
}
