/** What every solver must do, whatever its method: run on a small prior that has what the solver requires. */

import { kindOf, type Solver } from '../solvers/solver.ts';
import type { Kind } from '../tasks/kinds.ts';
import type { Check } from './check.ts';
import { ofBlindMethods } from './of-blind-methods.ts';
import { ofEveryMethod } from './of-every-method.ts';
import { ofRestorers } from './of-restorers.ts';
import { ofSegmenters } from './of-segmenters.ts';
import { ofEditors, ofGenerators, ofInverters, ofTranslators } from './of-text-guided.ts';

const ofKind: { readonly [K in Kind]: readonly Check<K>[] } = {
  restore: ofRestorers,
  blind: ofBlindMethods,
  segment: ofSegmenters,
  invert: ofInverters,
  edit: ofEditors,
  generate: ofGenerators,
  translate: ofTranslators,
};

/** Those that a solver of its kind has to pass. */
export function checksFor(solver: Solver): readonly Check[] {
  return [...ofKind[kindOf(solver)], ...ofEveryMethod];
}
