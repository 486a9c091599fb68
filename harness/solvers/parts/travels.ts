/** Travels in time as parameters: RePaint's resampling (arXiv 2201.09865), as DDNM's Algorithm 2 has it (arXiv 2212.00490). */
import { z } from 'zod';
import { travelWalk } from './grids.ts';

export const travelParams = {
  travelLength: z.int().min(1).max(1000).default(1).describe('l, steps that a travel in time goes up'),
  travelRepeat: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .describe('r, how often each part is walked; 1: no travel'),
};

/** Forward passes of the walk: one for each leg that goes down. */
export function travelPasses(p: {
  readonly steps: number;
  readonly travelLength: number;
  readonly travelRepeat: number;
}): number {
  const walk = travelWalk(p.steps, p.travelLength, p.travelRepeat);
  return walk.filter((i, k) => !(walk[k + 1]! > i)).length;
}
