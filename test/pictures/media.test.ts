import { describe, expect, it } from 'vitest';
import { mediaForms } from '../../harness/pictures/media.ts';
import { inColours } from '../../harness/pictures/palette.ts';

const { labels } = mediaForms;

describe('a label map', () => {
  it('is kept as the indices that it holds, in one channel', () => {
    expect(labels.keep(Int32Array.of(0, 9, 255, 1), [3, 2, 2])).toEqual({
      width: 2,
      height: 2,
      channels: 1,
      data: Uint8Array.of(0, 9, 255, 1),
    });
  });

  it.each([-1, 256, 0.5])('cannot hold %d', (label) => {
    expect(() => labels.keep([0, label], [3, 1, 2])).toThrow(
      `a label of ${label}; expected the index of a class, 0 to 255`,
    );
  });

  it('is shown with another colour for each of ten classes', () => {
    const data = Uint8Array.from({ length: 10 }, (_, i) => i);
    const { data: shown } = inColours({ width: 10, height: 1, data });
    const colours = Array.from(data, (i) => shown.subarray(3 * i, 3 * i + 3).join());
    expect(new Set(colours).size).toBe(10);
  });
});
