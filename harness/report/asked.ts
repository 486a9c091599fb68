import { join } from 'node:path';
import { descriptionOf } from '../pictures/png-text.ts';
import { bytesOfFile } from '../regular-file.ts';
import type { Store } from '../store/store.ts';
import type { Kind } from '../tasks/kinds.ts';
import { rolesOf } from '../tasks/roles.ts';

/**
 * What a task has asked for in words, as an edit's or a generation's does: it stands in the picture that is right.
 * @param truth its path in the results folder; null where there is none
 * @returns null where the task asks in no words, and where the picture is gone
 */
export function askedOf({ dir }: Store, kind: Kind, truth: string | null): string | null {
  if (truth === null || !rolesOf(kind).wants) return null;
  const png = bytesOfFile(join(dir, truth));
  return png ? descriptionOf(png) : null;
}
