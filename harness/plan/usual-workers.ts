import { availableParallelism } from 'node:os';
import type { DeviceSlots, Plan } from './plan.ts';

/** For their memory's sake. */
const MOST = 4;

/**
 * How many workers a device has where an experiment does not say: on the CPU one a core, and no more than there are batches of
 * compared methods (of baselines where there are none), which share the cores then; an accelerator is one worker's alone.
 */
export function usualWorkers(device: string, batches: Plan['batches']): DeviceSlots['slots'] {
  if (device !== 'cpu' && device !== 'wasm') return 1;
  const compared = batches.filter(({ method }) => method.kind !== 'baseline').length;
  return Math.max(1, Math.min(availableParallelism(), MOST, compared || batches.length));
}
