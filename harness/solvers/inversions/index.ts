import type { Solver } from '../solver.ts';
import aidi from './aidi.ts';
import cfgppInversion from './cfgpp-inversion.ts';
import ddimInversion from './ddim-inversion.ts';
import edict from './edict.ts';
import fixedPoint from './fixed-point.ts';
import { editor, type Inversion, inverter } from './inversion.ts';
import lbo from './lbo.ts';
import nullText from './null-text.ts';
import renoise from './renoise.ts';
import rnri from './rnri.ts';

/** Every method of inversion, in the order of `tweedie list solvers`. */
export const inversions: readonly Inversion[] = [
  ddimInversion,
  cfgppInversion,
  nullText,
  edict,
  fixedPoint,
  aidi,
  renoise,
  rnri,
  lbo,
];

/** Each as a solver of `invert`, and as one of `edit`. */
export const inverters: readonly Solver<'invert'>[] = inversions.map(inverter);
export const editors: readonly Solver<'edit'>[] = inversions.map(editor);
