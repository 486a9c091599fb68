import type { Method } from '../solver-case.ts';
import { ddnmMethod } from './ddnm.ts';
import { ddrmMethod } from './ddrm.ts';
import { ddsMethod } from './dds.ts';
import { dpsMethod } from './dps.ts';
import { ilvrMethod } from './ilvr.ts';
import { mcgMethod } from './mcg.ts';
import { sdeditMethod } from './sdedit.ts';

const ALL: readonly Method[] = [
  dpsMethod,
  mcgMethod,
  ddnmMethod,
  ddsMethod,
  ddrmMethod,
  ilvrMethod,
  sdeditMethod,
];

/** Every method of which whole runs are compared, by the name that `params.method` gives. */
export const methods: ReadonlyMap<string, Method> = new Map(ALL.map((method) => [method.name, method]));
