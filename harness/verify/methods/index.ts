import type { Method } from '../solver-case.ts';
import { blindDpsMethod } from './blinddps.ts';
import { cfgMethod } from './cfg.ts';
import { cfgppMethod } from './cfgpp.ts';
import { cfgppEditMethod, cfgppInversionMethod } from './cfgpp-inversion.ts';
import { dapsMethod } from './daps.ts';
import { ddimInversionMethod } from './ddim-inversion.ts';
import { ddnmMethod } from './ddnm.ts';
import { ddrmMethod } from './ddrm.ts';
import { ddsMethod } from './dds.ts';
import { diffpirMethod } from './diffpir.ts';
import { dpsMethod } from './dps.ts';
import { dreamsamplerMethod } from './dreamsampler.ts';
import { ebcaCacaoMethod, ebcaMethod } from './ebca.ts';
import { ebcaRealeditMethod } from './ebca-realedit.ts';
import { edictMethod } from './edict.ts';
import { fixedPointInversionMethod } from './fixed-point-inversion.ts';
import { ilvrMethod } from './ilvr.ts';
import { ldpsMethod } from './ldps.ts';
import { ddibMethod, lsbMethod } from './lsb.ts';
import { mcgMethod } from './mcg.ts';
import { mpgdMethod } from './mpgd.ts';
import { nullTextMethod } from './null-text.ts';
import { pgdmMethod } from './pgdm.ts';
import { projdiffMethod } from './projdiff.ts';
import { psldMethod } from './psld.ts';
import { reddiffMethod } from './reddiff.ts';
import { renoiseMethod } from './renoise.ts';
import { resampleMethod } from './resample.ts';
import { rnriMethod } from './rnri.ts';
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
  ddimInversionMethod,
  fixedPointInversionMethod,
  nullTextMethod,
  edictMethod,
  rnriMethod,
  renoiseMethod,
  cfgppInversionMethod,
  ebcaMethod,
  ebcaCacaoMethod,
  ebcaRealeditMethod,
  cfgppEditMethod,
  lsbMethod,
  ddibMethod,
];

/** Every method of which whole runs are compared, by the name that `params.method` gives. */
export const methods: ReadonlyMap<string, Method> = new Map(ALL.map((method) => [method.name, method]));
