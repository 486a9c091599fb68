import { describe, expect, it } from 'vitest';
import { compareNumber, compareTensor } from '../../harness/verify/compare.ts';
import type { Tolerance } from '../../harness/verify/manifest.ts';

const vector = (...numbers: number[]) => ({ shape: [numbers.length], data: Float64Array.from(numbers) });
const compare = (actual: number[], reference: number[], tolerance: Tolerance) =>
  compareTensor('t', vector(...actual), vector(...reference), tolerance);

describe('each limit of a tolerance', () => {
  it.each<[string, Tolerance, number[], number[], boolean]>([
    ['rel_l2 holds', { rel_l2: 0.1 }, [3.4, 4], [3, 4], true],
    ['rel_l2 is passed', { rel_l2: 0.1 }, [3.6, 4], [3, 4], false],
    ['max_abs holds', { max_abs: 0.5 }, [3.5, 4], [3, 4], true],
    ['max_abs is passed', { max_abs: 0.5 }, [3.75, 4], [3, 4], false],
    ['max_rel holds', { max_rel: 0.25 }, [1.25, 100], [1, 100], true],
    ['max_rel is passed by a small number', { max_rel: 0.25 }, [1.5, 100], [1, 100], false],
    ['max_rel of 0 / 0 is 0', { max_rel: 1e-9 }, [0, 1], [0, 1], true],
    ['max_rel of a number for 0 is infinite', { max_rel: 1e9 }, [1e-30, 1], [0, 1], false],
    ['exact holds', { exact: true }, [49406, 7], [49406, 7], true],
    ['exact is passed', { exact: true }, [49406, 7 + 1e-12], [49406, 7], false],
    ['every limit counts', { rel_l2: 1, max_abs: 0.1 }, [3.5, 4], [3, 4], false],
  ])('%s', (_, tolerance, actual, reference, pass) => {
    expect(compare(actual, reference, tolerance).pass).toBe(pass);
  });

  it('the errors are those of the definitions', () => {
    const { maxAbs, relL2, maxRel } = compare([3.5, 4], [3, 4], { max_abs: 1 });
    expect([maxAbs, relL2, maxRel]).toEqual([0.5, 0.1, 0.5 / 3]);
  });

  it('a tensor without limits is not compared in silence', () => {
    expect(compare([1], [1], {})).toMatchObject({ pass: false, reason: 'its tolerance has no limit' });
  });
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])('%s never agrees', (value) => {
  expect(compare([1, value], [1, value], { max_abs: 1e300 })).toMatchObject({
    pass: false,
    reason: `value 1 is ${value}`,
  });
  expect(compareNumber({ name: 'n', value: 1, abs_tol: 1e300 }, value).pass).toBe(false);
});

it('a reference that is not finite never agrees', () => {
  expect(compare([1, 1], [1, Number.NaN], { max_abs: 1e300 }).pass).toBe(false);
});

it('another shape of the same length fails', () => {
  const reference = { shape: [2, 1], data: Float64Array.of(1, 2) };
  expect(compareTensor('t', vector(1, 2), reference, { max_abs: 1 })).toMatchObject({
    pass: false,
    reason: 'shape [2]; the reference has [2,1]',
  });
});

it('a double is rounded to a float32 reference, so that exact can hold', () => {
  const reference = { shape: [1], data: Float32Array.of(0.1) };
  expect(compareTensor('t', vector(0.1), reference, { exact: true }).pass).toBe(true);
});

it('compares whole numbers of 64 bits and bytes', () => {
  const ids = { shape: [2], data: BigInt64Array.of(-5n, 2147483648n) };
  expect(compareTensor('t', vector(-5, 2147483648), ids, { exact: true }).pass).toBe(true);
  const bytes = { shape: [1], data: Uint8Array.of(255) };
  expect(compareTensor('t', vector(254), bytes, { exact: true }).pass).toBe(false);
});

describe('numbers', () => {
  it.each([
    ['abs_tol', { abs_tol: 0.5 }, 10.5, true],
    ['abs_tol', { abs_tol: 0.5 }, 10.75, false],
    ['rel_tol', { rel_tol: 0.125 }, 11.25, true],
    ['rel_tol', { rel_tol: 0.125 }, 11.5, false],
  ])('%s %o of 10 and %d', (_, limits, actual, pass) => {
    expect(compareNumber({ name: 'n', value: 10, ...limits }, actual).pass).toBe(pass);
  });

  it('need a limit', () => {
    expect(compareNumber({ name: 'n', value: 10 }, 10)).toMatchObject({
      pass: false,
      reason: 'it has neither abs_tol nor rel_tol',
    });
  });
});
