import ddnm from './ddnm.ts';
import dds from './dds.ts';
import dps from './dps.ts';
import gmlDps from './gml-dps.ts';
import ldir from './ldir.ts';
import ldps from './ldps.ts';
import mcg from './mcg.ts';
import p2l from './p2l.ts';
import psld from './psld.ts';
import resample from './resample.ts';
import type { Solver } from './solver.ts';
import stsl from './stsl.ts';

/** Every solver, in the order of `tweedie list solvers`. */
export const solvers: readonly Solver[] = [
  ldps,
  gmlDps,
  psld,
  p2l,
  resample,
  ldir,
  stsl,
  dps,
  mcg,
  ddnm,
  dds,
];
