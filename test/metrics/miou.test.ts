import { describe, expect, it } from 'vitest';
import { miou, miouMetric } from '../../harness/metrics/miou.ts';

const of = (a: number[], b: number[]) => miou(Uint8Array.from(a), Uint8Array.from(b));

describe('mean intersection over union', () => {
  it('is 1 for equal maps, whatever the classes', () => {
    expect(of([0, 3, 3, 255], [0, 3, 3, 255])).toBe(1);
  });

  it('is 0 where no pixel agrees', () => {
    expect(of([0, 0], [1, 1])).toBe(0);
  });

  it('is the mean over classes, each of its own union: 2/3, 1/3 and 1/2', () => {
    // Class 0: 2 of 3 pixels; 1: 1 of 3; 2: 1 of 2.
    expect(of([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 2, 2])).toBeCloseTo((2 / 3 + 1 / 3 + 1 / 2) / 3, 12);
  });

  it('counts a class that only one of them has, as nothing found', () => {
    // Class 0: 3 of 4; class 5: 0 of 1.
    expect(of([0, 0, 0, 5], [0, 0, 0, 0])).toBe(0.375);
    expect(of([0, 0, 0, 0], [0, 0, 0, 5])).toBe(0.375);
  });

  it('is of labels against their truth, and called mIoU', () => {
    expect(miouMetric).toMatchObject({ title: 'mIoU', of: 'labels', against: 'truth', level: 'image' });
    const map = { width: 2, height: 1, channels: 1, data: Uint8Array.of(1, 2) };
    expect(miouMetric.score(map, map)).toBe(1);
  });
});
