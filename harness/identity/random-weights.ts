import type { PriorRef } from './refs.ts';

/** Whether a prior's weights were drawn at random, as its parameter `random` says: a test of speed and paths, not of methods. */
export function hasRandomWeights({ params }: Pick<PriorRef, 'params'>): boolean {
  return params.random === true;
}
