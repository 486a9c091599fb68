import type { PoolAttrs } from '../../../harness/engine/ops/pool.ts';
import { type Cases, call, type Host, on, real } from './define.ts';

type Named = readonly [name: string, attrs: PoolAttrs, x: Host, outSize: readonly number[]];

const WINDOWS: readonly Named[] = [
  ['halves', { size: 2, stride: 2, padding: 0, ceil: false }, real([2, 3, 4, 6]), [2, 3, 2, 3]],
  ['overlapping', { size: 3, stride: 2, padding: 0, ceil: false }, real([2, 2, 7, 9]), [2, 2, 3, 4]],
  ['edges left over', { size: 3, stride: 2, padding: 0, ceil: false }, real([1, 2, 6, 8]), [1, 2, 2, 3]],
  [
    'a window over the edge',
    { size: 3, stride: 2, padding: 0, ceil: true },
    real([1, 2, 6, 8]),
    [1, 2, 3, 4],
  ],
  ['same size, padded', { size: 3, stride: 1, padding: 1, ceil: false }, real([1, 2, 4, 5]), [1, 2, 4, 5]],
  [
    'all below zero, padded',
    { size: 3, stride: 1, padding: 1, ceil: false },
    real([1, 1, 3, 3], -9, -1),
    [1, 1, 3, 3],
  ],
];

/** Each value several times over. */
const ties: Host = {
  dtype: 'float32',
  shape: [1, 1, 4, 4],
  data: [1, 2, 2, 1, 2, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
};
const sliding = { size: 3, stride: 1, padding: 0, ceil: false };

export const POOL: Cases = {
  MaxPool2dNchw: [
    ...WINDOWS.map(([name, attrs, x]) => on(name, call('MaxPool2dNchw', ['x'], attrs), x)),
    on('equal values', call('MaxPool2dNchw', ['x'], sliding), ties),
  ],
  MaxPool2dNchwGrad: [
    ...WINDOWS.map(([name, attrs, x, shape]) =>
      on(name, call('MaxPool2dNchwGrad', ['x', 'dy'], attrs), x, real(shape)),
    ),
    on('equal values', call('MaxPool2dNchwGrad', ['x', 'dy'], sliding), ties, real([1, 1, 2, 2])),
  ],
  AvgPool2dNchw: WINDOWS.map(([name, attrs, x]) => on(name, call('AvgPool2dNchw', ['x'], attrs), x)),
};
