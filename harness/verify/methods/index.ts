import type { Method } from '../solver-case.ts';
import { ddnmMethod } from './ddnm.ts';
import { ddsMethod } from './dds.ts';
import { diffpirMethod } from './diffpir.ts';
import { dpsMethod } from './dps.ts';
import { mcgMethod } from './mcg.ts';
import { mpgdMethod } from './mpgd.ts';
import { pgdmMethod } from './pgdm.ts';
import { reddiffMethod } from './reddiff.ts';

const ALL: readonly Method[] = [
  dpsMethod,
  mcgMethod,
  ddnmMethod,
  ddsMethod,
  diffpirMethod,
  reddiffMethod,
  pgdmMethod,
  mpgdMethod,
];

/** Every method of which whole runs are compared, by the name that `params.method` gives. */
export const methods: ReadonlyMap<string, Method> = new Map(ALL.map((method) => [method.name, method]));
