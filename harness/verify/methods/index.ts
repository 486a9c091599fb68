import type { Method } from '../solver-case.ts';
import { ddnmMethod } from './ddnm.ts';
import { ddsMethod } from './dds.ts';
import { dpsMethod } from './dps.ts';
import { ldpsMethod } from './ldps.ts';
import { mcgMethod } from './mcg.ts';
import { psldMethod } from './psld.ts';
import { resampleMethod } from './resample.ts';

const ALL: readonly Method[] = [
  dpsMethod,
  mcgMethod,
  ddnmMethod,
  ddsMethod,
  psldMethod,
  ldpsMethod,
  resampleMethod,
];

/** Every method of which whole runs are compared, by the name that `params.method` gives. */
export const methods: ReadonlyMap<string, Method> = new Map(ALL.map((method) => [method.name, method]));
