/** Pictures that something in an experiment has seen before it is scored on them. */

import { UserError } from '../errors.ts';
import { eachOnce } from './checked-values.ts';
import type { DataSelection } from './data-selection.ts';
import type { TaskPoint } from './experiment.ts';
import type { PlannedPrior } from './inspect-priors.ts';
import { placed } from './placed.ts';

/**
 * Throws UserError where a picture to be scored is one that the task shows its methods, and where a method asks for examples of a
 * task that shows none.
 */
export async function refuseShown(
  { task, params, solvers, written }: TaskPoint,
  { dataset, selectionWhere }: DataSelection,
  ids: readonly string[],
): Promise<void> {
  const shown = new Set(await placed(written.where, async () => (await task.shows?.(dataset, params)) ?? []));
  const both = ids.filter((id) => shown.has(id));
  if (both.length > 0) {
    const others = both.length > 1 ? ` and ${both.length - 1} more` : '';
    throw new UserError(
      `data: ${both[0]}${others}: task ${task.name} shows its methods ${both.length > 1 ? 'these' : 'this'} ` +
        'as examples; expected pictures of another split, or items without them',
      selectionWhere,
    );
  }
  if (shown.size > 0) return;
  eachOnce(solvers, 'steps on examples', (steps) => {
    if (steps !== 0)
      throw new UserError(`found ${steps}; task ${task.name} shows its methods no examples here: expected 0`);
  });
}

/** Which priors were trained on the split that is scored, a line each. */
export function trainedOnThese(priors: readonly PlannedPrior[], { ref, split }: DataSelection): string[] {
  return priors.flatMap(({ name, facts: { trainedOn } }) =>
    ref.kind === 'set' && trainedOn?.set === ref.name && trainedOn.split === split
      ? [
          `prior ${name} was trained on ${ref.name} ${split}, which is scored here: ` +
            'the numbers say nothing of pictures that it has not seen',
        ]
      : [],
  );
}
