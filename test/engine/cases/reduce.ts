import { type Tensor, tf } from '../../../harness/engine/tf.ts';
import { bools, type Case, type Cases, ints, on, real, row, valueOnly } from './define.ts';

type Reduce = (x: Tensor, axis?: number | number[], keepDims?: boolean) => Tensor;

function reduction(run: Reduce): Case[] {
  return [
    on('all', (x) => run(x!), real([3, 4])),
    on('one axis', (x) => run(x!, 1), real([3, 4, 2])),
    on('negative axis', (x) => run(x!, -1), real([3, 4])),
    on('two axes, kept', (x) => run(x!, [0, 2], true), real([3, 4, 2])),
    on('axes out of order', (x) => run(x!, [2, 0]), real([3, 4, 2])),
    on('no axes', (x) => run(x!, []), real([3, 4])),
    on('scalar', (x) => run(x!), real([])),
    on('int32', (x) => run(x!, 0), ints([3, 4])),
  ];
}

function truth(run: (x: Tensor, axis?: number) => Tensor): Case[] {
  return [
    on('all', (x) => run(x!), bools([3, 4])),
    on('one axis', (x) => run(x!, 0), bools([2, 8])),
    on('negative axis', (x) => run(x!, -1), bools([8, 2])),
  ];
}

function argument(run: (x: Tensor, axis?: number) => Tensor): Case[] {
  return [
    on('first axis', (x) => run(x!, 0), real([3, 4])),
    on('negative axis', (x) => run(x!, -1), real([3, 4])),
    on('ties take the first', (x) => run(x!, 0), row([2, 5, 5, 2])),
  ];
}

const both = ({ values, indices }: { values: Tensor; indices: Tensor }) => [values, indices];

export const REDUCE: Cases = {
  Sum: [
    ...reduction(tf.sum),
    on('bool', (x) => tf.sum(x!), bools([3, 4])),
    on('none', (x) => tf.sum(x!), row([])),
  ],
  Mean: reduction(tf.mean),
  Max: reduction(tf.max),
  Min: reduction(tf.min),
  All: truth(tf.all),
  Any: truth(tf.any),
  ArgMax: argument(tf.argMax),
  ArgMin: argument(tf.argMin),
  Cumsum: [
    ...valueOnly([on('first axis', (x) => tf.cumsum(x!, 0), real([3, 4]))]),
    on('last axis', (x) => tf.cumsum(x!, 1), real([3, 4])),
    on('exclusive, reversed', (x) => tf.cumsum(x!, 1, true, true), real([3, 4])),
    on('int32', (x) => tf.cumsum(x!, 0), ints([5])),
  ],
  TopK: [
    on('rows', (x) => both(tf.topk(x!, 3)), real([2, 7])),
    on('all, in order', (x) => both(tf.topk(x!, 6)), real([6])),
    on('one', (x) => both(tf.topk(x!, 1)), real([3, 4])),
    on('int32, ties take the first', (x) => both(tf.topk(x!, 3)), row([2, 5, 5, 2, 5], 'int32')),
  ],
  Softmax: [
    on('rows', (x) => tf.softmax(x!), real([3, 4])),
    on('rank 4', (x) => tf.softmax(x!), real([2, 2, 3, 4], -10, 10)),
    on('large', (x) => tf.softmax(x!), row([500, 501, -500])),
  ],
};
