import type { Method } from '../solver-case.ts';
import { ddnmMethod } from './ddnm.ts';
import { ddrmMethod } from './ddrm.ts';
import { ddsMethod } from './dds.ts';
import { diffpirMethod } from './diffpir.ts';
import { dpsMethod } from './dps.ts';
import { dreamsamplerMethod } from './dreamsampler.ts';
import { ilvrMethod } from './ilvr.ts';
import { mcgMethod } from './mcg.ts';
import { mpgdMethod } from './mpgd.ts';
import { pgdmMethod } from './pgdm.ts';
import { reddiffMethod } from './reddiff.ts';
import { sdeditMethod } from './sdedit.ts';
import { tregMethod } from './treg.ts';

const ALL: readonly Method[] = [
  ddnmMethod,
  ddrmMethod,
  ddsMethod,
  diffpirMethod,
  dpsMethod,
  dreamsamplerMethod,
  ilvrMethod,
  mcgMethod,
  mpgdMethod,
  pgdmMethod,
  reddiffMethod,
  sdeditMethod,
  tregMethod,
];

/** Every method of which whole runs are compared, by the name that `params.method` gives. */
export const methods: ReadonlyMap<string, Method> = new Map(ALL.map((method) => [method.name, method]));
