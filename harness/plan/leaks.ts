/** Pictures that something in an experiment has seen before it is scored on them. */

import { UserError } from '../errors.ts';
import type { DataSelection } from './data-selection.ts';
import type { TaskPoint } from './experiment.ts';
import type { PlannedPrior } from './inspect-priors.ts';

/** Throws UserError where a picture to be scored is one that the task shows its methods with its truth. */
export async function refuseShown(
  { task, params }: TaskPoint,
  { dataset, selectionWhere }: DataSelection,
  ids: readonly string[],
): Promise<void> {
  const shown = new Set((await task.shows?.(dataset, params)) ?? []);
  const both = ids.filter((id) => shown.has(id));
  if (both.length === 0) return;
  const others = both.length > 1 ? ` and ${both.length - 1} more` : '';
  throw new UserError(
    `data: ${both[0]}${others}: task ${task.name} shows its methods the truth of ${both.length > 1 ? 'these' : 'this'}, ` +
      'as examples; expected pictures of another split, or items without them',
    selectionWhere,
  );
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
