import blindDps from './blind-dps.ts';
import ddnm from './ddnm.ts';
import dds from './dds.ts';
import dps from './dps.ts';
import gmlDps from './gml-dps.ts';
import ldps from './ldps.ts';
import mcg from './mcg.ts';
import p2l from './p2l.ts';
import psld from './psld.ts';
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
  tikhonov,
  totalVariation,
  blindDps,
];
