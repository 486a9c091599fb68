import { expect, it } from 'vitest';
import { usualBatch } from '../../harness/plan/usual-batch.ts';

it.each([
  [8, 8, 4],
  [64, 64, 4],
  [64, 128, 2],
  [128, 128, 1],
  [256, 256, 1],
  [512, 512, 1],
])(
  'of %i x %i pixels as many pictures run together as 128 x 128 hold, at most four: %i',
  (height, width, batch) => {
    expect(usualBatch([3, height, width])).toBe(batch);
  },
);
