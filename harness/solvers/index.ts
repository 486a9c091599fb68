import ddnm from './ddnm.ts';
import ddnmPlus from './ddnm-plus.ts';
import ddrm from './ddrm.ts';
import dds from './dds.ts';
import dps from './dps.ts';
import gmlDps from './gml-dps.ts';
import ilvr from './ilvr.ts';
import ldps from './ldps.ts';
import mcg from './mcg.ts';
import p2l from './p2l.ts';
import psld from './psld.ts';
import sdedit from './sdedit.ts';
import type { Solver } from './solver.ts';
import tikhonov from './tikhonov.ts';
import totalVariation from './total-variation.ts';

/** Every solver, in the order of `tweedie list solvers`. */
export const solvers: readonly Solver[] = [
  ldps,
  gmlDps,
  psld,
  p2l,
  dps,
  mcg,
  ddnm,
  dds,
  ddrm,
  ddnmPlus,
  ilvr,
  sdedit,
  tikhonov,
  totalVariation,
];
