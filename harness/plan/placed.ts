import { type SourceLocation, UserError } from '../errors.ts';
import { fileError } from '../system-errors.ts';
import { describeThrown } from '../text/thrown.ts';

/** Gives its place to whatever goes wrong in the code that reads what the file names: a model's folder, a plug-in's. */
export async function placedAll<T>(where: SourceLocation, what: string, look: () => Promise<T>): Promise<T> {
  try {
    return await placed(where, look);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const mistake = new UserError(`${what} cannot be read: ${describeThrown(error).message}`, where);
    mistake.cause = error;
    throw mistake;
  }
}

/** Gives the place in the file to a mistake that shows only when what it names is looked at. */
export function placed<T>(where: SourceLocation, look: () => T): T {
  try {
    const result = look();
    return result instanceof Promise ? (result.catch((error) => fail(error, where)) as T) : result;
  } catch (error) {
    return fail(error, where);
  }
}

function fail(thrown: unknown, where: SourceLocation): never {
  const error = fileError(thrown) ?? thrown;
  throw error instanceof UserError && !error.where ? new UserError(error.message, where) : error;
}
