import { UserError } from '../errors.ts';
import type { Params } from '../identity/refs.ts';
import type { Solver } from '../solvers/solver.ts';
import { shown } from '../text/shown.ts';
import { describeThrown } from '../text/thrown.ts';

/**
 * Forward passes of the network that an image takes.
 * @throws UserError where a plug-in's `passes` throws or gives no number
 */
export function passesOf({ name, passes }: Solver, params: Params): number {
  if (!passes) return typeof params.steps === 'number' ? params.steps : 1;
  const refused = (what: string) => new UserError(`${name}.passes(${JSON.stringify(params)}): ${what}`);
  let given: unknown;
  try {
    given = passes(params);
  } catch (error) {
    throw refused(describeThrown(error).message);
  }
  if (typeof given === 'number' && given >= 0 && given < Number.POSITIVE_INFINITY) return given;
  throw refused(`found ${shown(given)}, expected a number of forward passes`);
}
