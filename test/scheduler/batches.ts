import type { Batch } from '../../harness/identity/refs.ts';
import { exampleCell } from '../store/example.ts';

/** A batch of the given cells. */
export function batchOf(...cellKeys: string[]): Batch {
  const { method, setting, seed, rng, precision } = exampleCell({ key: '' });
  return {
    key: cellKeys.join('+'),
    method,
    setting,
    rng,
    precision,
    passes: 50,
    items: cellKeys.map((cellKey, i) => ({ id: `test/${i}`, sha256: `i${i}`, seed, cellKey })),
  };
}
