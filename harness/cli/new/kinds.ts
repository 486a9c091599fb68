import type { Kind } from '../../tasks/kinds.ts';
import type { Beginning } from './beginning.ts';
import { editing, translating } from './solver/edit.ts';
import { generating } from './solver/generate.ts';
import { inverting } from './solver/invert.ts';
import { restoring } from './solver/restore.ts';
import { edits } from './task/edit.ts';
import { generation } from './task/generate.ts';
import { inversion } from './task/invert.ts';
import { restoration } from './task/restore.ts';
import { translation } from './task/translate.ts';

/** A solver of each kind that one of one's own can begin with. */
export const solverBeginnings = {
  restore: restoring,
  invert: inverting,
  edit: editing,
  generate: generating,
  translate: translating,
} as const satisfies Partial<Record<Kind, Beginning>>;

export type Begun = keyof typeof solverBeginnings;
export const BEGUN = Object.keys(solverBeginnings) as readonly Begun[];

/** A task of each. */
export const taskBeginnings: Readonly<Record<Begun, Beginning>> = {
  restore: restoration,
  invert: inversion,
  edit: edits,
  generate: generation,
  translate: translation,
};
