import { expect, it } from 'vitest';
import { readProfile } from './read.ts';

const node = (op: string, dur: number, ...inputs: number[][]) => ({
  cat: 'Node',
  name: `v1_kernel_time`,
  dur,
  args: {
    op_name: op,
    input_type_shape: inputs.map((float) => ({ float })),
    output_type_shape: [{ float: [8, 5] }],
  },
});
const end = { cat: 'Session', name: 'model_run', dur: 99, args: {} };

it('an operator takes the lower quartile of the calls that count', () => {
  const calls = [1, 3, 9, 5, 4, 2].flatMap((dur) => [
    node('MatMul', 1000 * dur, [8, 3], [3, 5]),
    node('Exp', dur),
    end,
  ]);
  expect(readProfile(JSON.stringify(calls), 6, 1)).toEqual([
    {
      op: 'MatMul',
      inputs: [
        [8, 3],
        [3, 5],
      ],
      outputs: [[8, 5]],
      ms: 3,
      operations: 240,
    },
    { op: 'Exp', inputs: [], outputs: [[8, 5]], ms: 0.003, operations: null },
  ]);
});

it('a graph that a call runs twice is counted twice', () => {
  const runs = [1, 2, 3, 4].flatMap((dur) => [node('Exp', 1000 * dur), end]);
  expect(readProfile(JSON.stringify(runs), 2, 1).map(({ ms }) => ms)).toEqual([3, 4]);
});

it('a graph of constants, run by the first call alone, is no part of one', () => {
  expect(readProfile(JSON.stringify([node('Exp', 1), end]), 4, 1)).toEqual([]);
});
