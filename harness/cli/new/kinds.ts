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

/** Kinds that a solver or a task of one's own can begin with. */
export const BEGUN = [
  'restore',
  'invert',
  'edit',
  'generate',
  'translate',
] as const satisfies readonly Kind[];
export type Begun = (typeof BEGUN)[number];

/** A solver of each kind. */
export const solverBeginnings: Readonly<Record<Begun, Beginning>> = {
  restore: restoring,
  invert: inverting,
  edit: editing,
  generate: generating,
  translate: translating,
};

/** A task of each. */
export const taskBeginnings: Readonly<Record<Begun, Beginning>> = {
  restore: restoration,
  invert: inversion,
  edit: edits,
  generate: generation,
  translate: translation,
};
