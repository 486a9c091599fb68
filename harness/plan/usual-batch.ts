import type { SettingRef } from '../identity/refs.ts';

/** Four of 64 x 64, the embedded prior's. */
const PIXELS = 4 * 64 * 64;
const MOST = 4;

/**
 * How many pictures run together where an experiment does not say: as many as 128 x 128 pixels hold, at most four. By the
 * size of the pictures alone, so that a plan has the same batches on every machine. Of small networks four share what a
 * batch costs whatever it holds, its traces first of all; in a guided step of larger ones a picture takes as long in a
 * batch as alone on a CPU, and each takes its own memory (test/bench/RESULTS.md). More than four would leave workers of a
 * small experiment without work.
 */
export function usualBatch([, height, width]: SettingRef['imageShape']): number {
  return Math.min(MOST, Math.max(1, Math.floor(PIXELS / (height * width))));
}
