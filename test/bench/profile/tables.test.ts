import { expect, it } from 'vitest';
import type { ProfiledOperator } from './read.ts';
import { kindsTable, shapesTable } from './tables.ts';

const operator = (op: string, ms: number, gflop: number | null, rows = 8): ProfiledOperator => ({
  op,
  ms,
  inputs: [[rows, 3], []],
  outputs: [[rows, 5], [1]],
  operations: gflop === null ? null : gflop * 1e9,
});

const OPERATORS = [
  operator('Mul', 20, null),
  operator('Conv', 30, 3),
  operator('Conv', 45, 6, 16),
  operator('Exp', 0.25, null),
  operator('Exp', 0.25, null),
  operator('Neg', 0.5, null),
];

it('kinds are rows with their share of the time and their rate, the dearest first; small ones are one row', () => {
  expect(kindsTable(OPERATORS)).toBe(`\
| operator | run | ms | share | GFLOP | GFLOP/s |
| --- | --- | --- | --- | --- | --- |
| Conv | 2 | 75.0 | 78 % | 9.00 | 120 |
| Mul | 1 | 20.0 | 21 % |  |  |
| 2 other kinds | 3 | 1.00 | 1 % |  |  |`);
});

it('a kind has no rate where the operations of one of its operators are unknown', () => {
  expect(kindsTable([...OPERATORS, operator('Conv', 25, null)])).toContain('| Conv | 3 | 100 | 83 % |  |  |');
});

it('shapes tell operators of a kind apart', () => {
  expect(shapesTable(OPERATORS)).toContain(`\
| Conv 16x3, 1 -> 16x5 | 1 | 45.0 | 47 % | 6.00 | 133 |
| Conv 8x3, 1 -> 8x5 | 1 | 30.0 | 31 % | 3.00 | 100 |
| Mul 8x3, 1 -> 8x5 | 1 | 20.0 | 21 % |  |  |
| Exp 8x3, 1 -> 8x5 | 2 |`);
});
