import { UserError } from '../errors.ts';
import { counted } from '../text/count.ts';
import type { DataSelection } from './data-selection.ts';
import type { TaskPoint } from './experiment.ts';
import { placed } from './placed.ts';

/** What of the selected pictures a task is posed on. */
export interface PosedOn {
  readonly ids: ReadonlySet<string>;
  /** What a person must know of it; null: it is all of them. */
  readonly note: string | null;
}

/**
 * Leaves out the pictures that a task is not for.
 * @param called the task, told from others of its name
 * @throws UserError where none is left
 */
export async function posedOn(
  { task, params, written }: TaskPoint,
  { dataset }: DataSelection,
  ids: readonly string[],
  called: string,
): Promise<PosedOn> {
  const left: string[] = [];
  const reasons = new Map<string, number>();
  for (const id of ids) {
    const reason = (await placed(written.where, async () => task.leavesOut?.(dataset, id, params))) ?? null;
    if (reason === null) left.push(id);
    else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  if (reasons.size === 0) return { ids: new Set(left), note: null };
  const why = [...reasons].map(([reason, times]) => `${times}: ${reason}`).join('; ');
  if (left.length === 0)
    throw new UserError(`${task.name}: no picture is left of ${ids.length} (${why})`, written.where);
  const note = `${called} is posed on ${left.length} of ${counted(ids.length, 'picture')} (left out: ${why})`;
  return { ids: new Set(left), note };
}
