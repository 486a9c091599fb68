import { existsSync } from 'node:fs';
import { type SourceLocation, UserError } from '../errors.ts';
import { nearestName } from '../names.ts';
import { weightsNames, weightsPath } from '../weights/index.ts';

/**
 * Where a prior's weights lie: at `path`, or, where nothing is, under the name that was written for it (`tweedie weights
 * list`).
 * @throws UserError for weights of that name that are not on this machine, and for what is nearly a name
 */
export function pathOrWeights(written: string, path: string, where: SourceLocation): string {
  if (existsSync(path)) return path;
  const names = weightsNames();
  if (names.includes(written)) return placedWeights(written, where);
  const name = nearestName(written, names);
  if (name === null) return path;
  throw new UserError(
    `there is neither a file or folder ${path} nor weights "${written}": did you mean "${name}"?`,
    where,
  );
}

function placedWeights(name: string, where: SourceLocation): string {
  try {
    return weightsPath(name);
  } catch (error) {
    throw error instanceof UserError ? new UserError(error.message, where) : error;
  }
}
