import { expect, it } from 'vitest';
import { doubled } from '../../harness/pictures/doubled.ts';

it('a picture of twice the size has each pixel four times', () => {
  const data = Uint8Array.of(1, 2, 3, 4, 5, 6);
  expect(doubled({ width: 3, height: 1, channels: 2, data })).toEqual({
    width: 6,
    height: 2,
    channels: 2,
    data: Uint8Array.from([1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6, 1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6]),
  });
  const column = { width: 1, height: 2, channels: 1, data: Uint8Array.of(7, 8) };
  expect(Array.from(doubled(column).data)).toEqual([7, 7, 7, 7, 8, 8, 8, 8]);
});
