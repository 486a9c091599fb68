import type { Entry } from '../entry.ts';
import { clipTextForward } from './clip-text.ts';
import { scheduleBetas, scheduleTimesteps } from './schedule.ts';
import { unetForward } from './unet.ts';
import { vaeDecode, vaeEncode } from './vae.ts';

const ALL: readonly Entry[] = [
  unetForward,
  vaeEncode,
  vaeDecode,
  clipTextForward,
  scheduleBetas,
  scheduleTimesteps,
];

/** Every entry by its name. */
export const entries: ReadonlyMap<string, Entry> = new Map(ALL.map((entry) => [entry.name, entry]));
