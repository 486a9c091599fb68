import { expect, it } from 'vitest';
import { operationsOf } from './operations.ts';

it('a product sums over the length that its sides share', () => {
  const operations = 2 * 8 * 5 * 3;
  expect(
    operationsOf(
      'MatMul',
      [
        [8, 3],
        [3, 5],
      ],
      [[8, 5]],
    ),
  ).toBe(operations);
  expect(
    operationsOf(
      'FusedMatMul',
      [
        [1, 2, 3, 8],
        [1, 2, 3, 5],
      ],
      [[1, 2, 8, 5]],
    ),
  ).toBe(2 * operations);
});

it('also where the right side is packed and only a bias is seen', () => {
  const operations = 2 * 256 * 48 * 192;
  expect(operationsOf('Gemm', [[256, 192], [48]], [[256, 48]])).toBe(operations);
  expect(
    operationsOf(
      'Gemm',
      [
        [256, 192],
        [256, 48],
      ],
      [[256, 48]],
    ),
  ).toBe(operations);
});

it('a convolution sums over the channels of a group and the kernel', () => {
  const image = [[1, 6, 10, 10]];
  const operations = 2 * (6 * 10 * 10) * (4 * 3 * 3);
  expect(operationsOf('Conv', [[1, 4, 10, 10], [6, 4, 3, 3], [6]], image)).toBe(operations);
  expect(
    operationsOf(
      'Conv',
      [
        [1, 12, 10, 10],
        [6, 4, 3, 3],
      ],
      image,
    ),
  ).toBe(operations);
});

it('a transposed one sends each number of its input to the kernel', () => {
  expect(
    operationsOf(
      'ConvTranspose',
      [
        [1, 6, 5, 5],
        [6, 4, 2, 2],
      ],
      [[1, 4, 10, 10]],
    ),
  ).toBe(2 * 6 * 25 * 16);
});

it('what the shapes do not tell is unknown, not nothing', () => {
  expect(operationsOf('ConvTranspose', [[1, 6, 5, 5]], [[1, 4, 10, 10]])).toBeNull();
  expect(operationsOf('Conv', [[1, 6, 5, 5], [4]], [[1, 4, 5, 5]])).toBeNull();
  expect(operationsOf('Softmax', [[8, 8]], [[8, 8]])).toBeNull();
});
