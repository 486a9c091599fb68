import { nodeAt } from '../config/located.ts';
import { UserError } from '../errors.ts';
import type { ImageShape } from '../tasks/task.ts';
import type { TaskPoint } from './experiment.ts';
import type { PlannedPrior } from './inspect-priors.ts';

/** Throws UserError where a prior's network of kernels or tilts is of another size than those that a blind task looks for. */
export function refuseOtherUnknowns(
  { task, params, written }: Pick<TaskPoint, 'task' | 'params' | 'written'>,
  priors: Iterable<PlannedPrior>,
  imageShape: ImageShape,
): void {
  const wanted = task.unknownShapes?.(params, imageShape);
  if (!wanted) return;
  for (const { name: prior, facts } of priors)
    for (const [unknown, shape] of Object.entries(wanted)) {
      const own = facts.unknowns?.[unknown as keyof typeof wanted];
      if (own === undefined || own.join() === shape.join()) continue;
      const sides = (of: readonly number[]): string => of.slice(1).join('x');
      throw new UserError(
        `${task.name} looks for a ${unknown} of ${sides(shape)}; the network of prior ${prior} is of ${sides(own)}`,
        nodeAt(written, ['kernelSize']).where,
      );
    }
}
