import type { Entry } from '../entry.ts';
import { admForward } from './adm.ts';
import { cleanfidResize } from './cleanfid-resize.ts';
import { samplerClipGuidance } from './clip-guidance.ts';
import { clipTextForward } from './clip-text.ts';
import { ddimTrajectory } from './ddim.ts';
import { ddpmPosterior, ddpmTablesEntry } from './ddpm.ts';
import { dpsStepEntry } from './dps.ts';
import { ebcaAttention } from './ebca-attention.ts';
import { frechetEntry } from './frechet.ts';
import { samplerGuidance, samplerThreshold } from './guidance.ts';
import { inceptionEntry } from './inception.ts';
import { kidEntry } from './kid.ts';
import { lpipsEntry } from './lpips.ts';
import { operatorForwardVjp } from './operator.ts';
import { psnrEntry, ssimEntry } from './psnr-ssim.ts';
import { scheduleBetas, scheduleTimesteps } from './schedule.ts';
import { solverRun } from './solver-run.ts';
import { tokenizerEncode } from './tokenizer.ts';
import { torchRngSequence } from './torch-rng.ts';
import { unetForward } from './unet.ts';
import { vaeDecode, vaeEncode } from './vae.ts';

const ALL: readonly Entry[] = [
  unetForward,
  vaeEncode,
  vaeDecode,
  clipTextForward,
  tokenizerEncode,
  admForward,
  dpsStepEntry,
  scheduleBetas,
  scheduleTimesteps,
  ddimTrajectory,
  ddpmTablesEntry,
  ddpmPosterior,
  inceptionEntry,
  frechetEntry,
  kidEntry,
  lpipsEntry,
  psnrEntry,
  ssimEntry,
  operatorForwardVjp,
  cleanfidResize,
  torchRngSequence,
  samplerGuidance,
  samplerThreshold,
  samplerClipGuidance,
  ebcaAttention,
  solverRun,
];

/** Every entry by its name. */
export const entries: ReadonlyMap<string, Entry> = new Map(ALL.map((entry) => [entry.name, entry]));
