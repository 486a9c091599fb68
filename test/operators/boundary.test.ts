import { expect, it } from 'vitest';
import { type Boundary, sourceIndex } from '../../harness/operators/boundary.ts';
import { blurMatrix } from '../../harness/operators/gaussian-blur.ts';
import { cubic, keysCubic, resizeMatrix } from '../../harness/operators/resize-matrix.ts';

// numpy.pad(numpy.arange(3), 4, mode)
it.each<[Boundary, (number | null)[]]>([
  ['reflect', [0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2]],
  ['symmetric', [2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0]],
  ['edge', [0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2]],
  ['wrap', [2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0]],
  ['constant', [null, null, null, null, 0, 1, 2, null, null, null, null]],
])('%s continues a line as numpy.pad does', (boundary, expected) => {
  expect(Array.from({ length: 11 }, (_, i) => sourceIndex(boundary, i - 4, 3))).toEqual(expected);
});

it('a single sample reflects to itself', () => {
  expect([-2, -1, 0, 1, 2].map((i) => sourceIndex('reflect', i, 1))).toEqual([0, 0, 0, 0, 0]);
});

it('an even kernel makes a line longer by one, padded by half a kernel on both sides', () => {
  const { rows, columns, data } = blurMatrix(Float64Array.of(1, 10), 3, 'constant');
  expect([rows, columns]).toEqual([4, 3]);
  // Row i is 1 x[i - 1] + 10 x[i].
  expect([...data]).toEqual([10, 0, 0, 1, 10, 0, 0, 1, 10, 0, 0, 1]);
});

it("Keys' cubic interpolates: 1 at 0, 0 at other whole distances, whatever a is", () => {
  for (const a of [-0.5, -0.75]) {
    const { weight } = keysCubic(a);
    expect([0, 1, 2, 3].map((distance) => Math.abs(weight(distance)))).toEqual([1, 0, 0, 0]);
  }
  expect(keysCubic(-0.75).weight(1.5)).toBeCloseTo(1.5 * cubic.weight(1.5), 12);
});

it('a length that the factor does not divide keeps the scale and the centre', () => {
  // 7 samples at 1/3 are 3, centred: the middle one lies on the middle sample.
  const { data } = resizeMatrix(7, 3, cubic, { scale: 1 / 3 });
  const middle = [...data.subarray(7, 14)];
  expect(middle.map((w) => w.toFixed(12))).toEqual([...middle].reverse().map((w) => w.toFixed(12)));
  expect(Math.max(...middle)).toBe(middle[3]);
});

it('without antialiasing a reduction takes samples as they are', () => {
  const { data } = resizeMatrix(6, 2, cubic, { antialias: false });
  expect([...data].map((w) => Math.round(w * 1e12) / 1e12 + 0)).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
});
