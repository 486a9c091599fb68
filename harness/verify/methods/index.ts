import type { Method } from '../solver-case.ts';
import { blindDpsMethod } from './blinddps.ts';
import { cfgMethod } from './cfg.ts';
import { cfgppMethod } from './cfgpp.ts';
import { dapsMethod } from './daps.ts';
import { ddnmMethod } from './ddnm.ts';
import { ddrmMethod } from './ddrm.ts';
import { ddsMethod } from './dds.ts';
import { diffpirMethod } from './diffpir.ts';
import { dpsMethod } from './dps.ts';
import { dreamsamplerMethod } from './dreamsampler.ts';
import { ilvrMethod } from './ilvr.ts';
import { ldpsMethod } from './ldps.ts';
import { mcgMethod } from './mcg.ts';
import { mpgdMethod } from './mpgd.ts';
import { pgdmMethod } from './pgdm.ts';
import { projdiffMethod } from './projdiff.ts';
import { psldMethod } from './psld.ts';
import { reddiffMethod } from './reddiff.ts';
import { resampleMethod } from './resample.ts';
import { sdeditMethod } from './sdedit.ts';
import { tregMethod } from './treg.ts';

const ALL: readonly Method[] = [
  blindDpsMethod,
  cfgMethod,
  cfgppMethod,
  dapsMethod,
  ddnmMethod,
  ddrmMethod,
  ddsMethod,
  diffpirMethod,
  dpsMethod,
  dreamsamplerMethod,
  ilvrMethod,
  ldpsMethod,
  mcgMethod,
  mpgdMethod,
  pgdmMethod,
  projdiffMethod,
  psldMethod,
  reddiffMethod,
  resampleMethod,
  sdeditMethod,
  tregMethod,
];

/** Every method of which whole runs are compared, by the name that `params.method` gives. */
export const methods: ReadonlyMap<string, Method> = new Map(ALL.map((method) => [method.name, method]));
