import blindDps from './blind-dps.ts';
import cfg from './cfg.ts';
import cfgpp from './cfgpp.ts';
import cfgppGenerate from './cfgpp-generate.ts';
import clipGuidance from './clip-guidance.ts';
import daps from './daps.ts';
import ddib from './ddib.ts';
import ddnm from './ddnm.ts';
import ddnmPlus from './ddnm-plus.ts';
import ddrm from './ddrm.ts';
import dds from './dds.ts';
import diffpir from './diffpir.ts';
import dps from './dps.ts';
import dreamsampler from './dreamsampler.ts';
import dreamsamplerEdit from './dreamsampler-edit.ts';
import ebca from './ebca.ts';
import ebcaEdit from './ebca-edit.ts';
import gmlDps from './gml-dps.ts';
import ilvr from './ilvr.ts';
import ilvrEdit from './ilvr-edit.ts';
import { editors, inverters } from './inversions/index.ts';
import latentDaps from './latent-daps.ts';
import ldir from './ldir.ts';
import ldps from './ldps.ts';
import lsb from './lsb.ts';
import mcg from './mcg.ts';
import mpgd from './mpgd.ts';
import p2l from './p2l.ts';
import { translating } from './parts/translating.ts';
import pigdm from './pigdm.ts';
import projdiff from './projdiff.ts';
import psld from './psld.ts';
import redDiff from './red-diff.ts';
import resample from './resample.ts';
import roundTrip from './round-trip.ts';
import sdedit from './sdedit.ts';
import sdeditEdit from './sdedit-edit.ts';
import type { Solver } from './solver.ts';
import stsl from './stsl.ts';
import thresholdedCfg from './thresholded-cfg.ts';
import tikhonov from './tikhonov.ts';
import totalVariation from './total-variation.ts';
import treg from './treg.ts';

/** Every solver, in the order of `tweedie list solvers`: with latent priors, with priors of pictures, without. */
export const solvers: readonly Solver[] = [
  ldps,
  gmlDps,
  psld,
  p2l,
  treg,
  resample,
  latentDaps,
  dreamsampler,
  cfgpp,
  ldir,
  stsl,
  dps,
  mcg,
  ddrm,
  ddnm,
  ddnmPlus,
  dds,
  diffpir,
  redDiff,
  pigdm,
  mpgd,
  daps,
  projdiff,
  ilvr,
  sdedit,
  blindDps,
  cfg,
  cfgppGenerate,
  thresholdedCfg,
  clipGuidance,
  roundTrip,
  tikhonov,
  totalVariation,
  ...inverters,
  ...editors,
  sdeditEdit,
  ilvrEdit,
  dreamsamplerEdit,
  ebcaEdit,
  ebca,
  ddib,
  lsb,
  translating(sdeditEdit),
  translating(ilvrEdit),
];
