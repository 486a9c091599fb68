import { type Tensor, type Tensor1D, tf } from '../../../harness/engine/tf.ts';
import { bools, type Cases, ints, on, real, row, valueOnly } from './define.ts';

const indices = (...of: number[]) => row(of, 'int32');
const gather = (axis: number) => (x?: Tensor, at?: Tensor) => tf.gather(x!, at as Tensor1D, axis);
const segments = (count: number) => (x?: Tensor, ids?: Tensor) =>
  tf.unsortedSegmentSum(x!, ids as Tensor1D, count);
const product = (transposeA: boolean, transposeB: boolean) => (a?: Tensor, b?: Tensor) =>
  tf.matMul(a!, b!, transposeA, transposeB);

export const SHAPE: Cases = {
  Reshape: [
    on('to a vector', (x) => tf.reshape(x!, [12]), real([3, 4])),
    on('one size left open', (x) => tf.reshape(x!, [2, -1]), real([3, 4])),
    on('to a scalar', (x) => tf.reshape(x!, []), real([1, 1])),
    on('twice', (x) => tf.reshape(tf.reshape(x!, [2, 6]), [4, 3]), real([3, 4])),
  ],
  ExpandDims: [
    on('first', (x) => tf.expandDims(x!, 0), real([3, 4])),
    on('negative', (x) => tf.expandDims(x!, -1), real([3, 4])),
  ],
  Transpose: [
    on('matrix', (x) => tf.transpose(x!), real([3, 4])),
    on('rank 4', (x) => tf.transpose(x!, [0, 2, 3, 1]), real([2, 3, 4, 5])),
    on('twice', (x) => tf.transpose(tf.transpose(x!, [1, 2, 0]), [1, 2, 0]), real([2, 3, 4])),
    on('bool', (x) => tf.transpose(x!), bools([3, 4])),
  ],
  Concat: [
    on('rows', (a, b) => tf.concat([a!, b!], 0), real([2, 3]), real([1, 3])),
    on('negative axis', (a, b) => tf.concat([a!, b!], -1), real([2, 3]), real([2, 1])),
    on('one part empty', (a, b) => tf.concat([a!, b!], 0), real([0, 3]), real([1, 3])),
    on('all parts empty', (a, b) => tf.concat([a!, b!], 0), real([0, 3]), real([0, 3])),
    on('int32', (a, b) => tf.concat([a!, b!], 0), ints([2]), ints([3])),
    on(
      'eleven keep their order',
      (...all) => tf.concat(all, 0),
      ...Array.from({ length: 11 }, () => real([2])),
    ),
  ],
  Pack: [
    on('first axis', (a, b) => tf.stack([a!, b!]), real([3, 4]), real([3, 4])),
    on('last axis', (a, b) => tf.stack([a!, b!], 2), real([3, 4]), real([3, 4])),
    on('negative axis', (a, b) => tf.stack([a!, b!], -1), real([3, 4]), real([3, 4])),
    on('scalars', (a, b) => tf.stack([a!, b!]), real([]), real([])),
  ],
  Slice: [
    on('inner part', (x) => tf.slice(x!, [1, 0, 2], [2, 3, 1]), real([3, 4, 5])),
    on('to the end', (x) => tf.slice(x!, [1, 2], [-1, -1]), real([3, 4])),
    on('nothing', (x) => tf.slice(x!, [1, 2], [0, 2]), real([3, 4])),
  ],
  StridedSlice: [
    on('every other', (x) => tf.stridedSlice(x!, [0, 1], [3, 4], [2, 2]), real([3, 4])),
    on('backwards to the start', (x) => tf.stridedSlice(x!, [2, 3], [-5, -6], [-1, -2]), real([3, 4])),
    on('masks', (x) => tf.stridedSlice(x!, [9, 1], [9, 2], [1, 1], 1, 1, 0, 0, 2), real([3, 4])),
  ],
  Reverse: [
    on('one axis', (x) => tf.reverse(x!, 1), real([3, 4])),
    on('negative axes', (x) => tf.reverse(x!, [-1, 0]), real([2, 3, 4])),
  ],
  SplitV: [
    on('equal parts', (x) => tf.split(x!, 2, 1), real([3, 4])),
    on('given sizes, negative axis', (x) => tf.split(x!, [1, 3], -1), real([3, 4])),
    on('one size left open', (x) => tf.split(x!, [1, -1, 2], 0), real([6, 2])),
  ],
  Unpack: [
    on('first axis', (x) => tf.unstack(x!), real([3, 4])),
    on('negative axis', (x) => tf.unstack(x!, -1), real([3, 2])),
  ],
  PadV2: [
    on('zeros', (x) => tf.pad(x!, [[1, 0], [2, 3]]), real([3, 4])), // biome-ignore format: pairs
    on('a constant', (x) => tf.pad(x!, [[0, 1], [0, 0]], 0.5), real([3, 4])), // biome-ignore format: pairs
    on('int32', (x) => tf.pad(x!, [[1, 2]], 7), ints([3])),
    on('nothing', (x) => tf.pad(x!, [[0, 0]]), real([3])),
  ],
  Tile: [
    on('matrix', (x) => tf.tile(x!, [2, 3]), real([2, 4])),
    on('rank 4', (x) => tf.tile(x!, [1, 2, 1, 2]), real([3, 1, 2, 1])),
    on('bool', (x) => tf.tile(x!, [2]), bools([3])),
  ],
  GatherV2: [
    on('rows, some twice', gather(0), real([5, 3]), indices(4, 0, 4, 1)),
    on('negative axis', gather(-1), real([2, 5]), indices(1, 3, 3)),
    on('matrix of indices', gather(0), real([5, 3]), ints([2, 2], 0, 4)),
    on('int32', gather(0), ints([5]), indices(4, 4)),
  ],
  UnsortedSegmentSum: [
    on('rows', segments(3), real([5, 2]), indices(2, 0, 2, 2, 0)),
    on('an empty segment', segments(4), real([3]), indices(3, 0, 3)),
    on('many rows to few segments', segments(3), real([5000, 4]), ints([5000], 0, 2)),
  ],
  OneHot: [
    on('row', (x) => tf.oneHot(x!, 4), indices(0, 3, 1)),
    on('outside the depth', (x) => tf.oneHot(x!, 3), indices(0, 3, -1)),
    on('other values, float32', (x) => tf.oneHot(x!, 3, 0.5, -1, 'float32'), ints([2, 2], 0, 2)),
  ],
  Range: [
    on('float32', () => tf.range(0, 1, 0.25)),
    on('int32', () => tf.range(2, 11, 3, 'int32')),
    on('downwards', () => tf.range(5, 0, -2)),
    on('downwards by default', () => tf.range(3, 0)),
    on('nothing', () => tf.range(2, 2)),
  ],
  BatchMatMul: [
    on('matrices', product(false, false), real([3, 4]), real([4, 5])),
    on('left transposed', product(true, false), real([4, 3]), real([4, 5])),
    on('right transposed', product(false, true), real([3, 4]), real([5, 4])),
    on('both transposed', product(true, true), real([4, 3]), real([5, 4])),
    on('batch', product(false, false), real([2, 3, 4]), real([2, 4, 5])),
    on('batch, left transposed', product(true, false), real([2, 4, 3]), real([2, 4, 5])),
    on('batch, right transposed', product(false, true), real([2, 2, 3, 4]), real([2, 2, 5, 4])),
    on('batch, both transposed', product(true, true), real([2, 4, 3]), real([2, 5, 4])),
    // Of two batches that both stretch, tfjs's CPU backend takes the wrong matrices: it is no reference there.
    ...valueOnly([on('one matrix for the batch', product(false, true), real([3, 2, 4]), real([1, 5, 4]))]),
    on('vector times matrix', product(false, false), real([1, 4]), real([4, 5])),
  ],
};
