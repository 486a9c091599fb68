import { expect, it } from 'vitest';
import { npyBytes } from '../harness/npy.ts';

// numpy.save of numpy 2: np.array([[1.5, -2], [0, 3e-3]], '<f4'), np.arange(3, dtype='<i4'), np.zeros((1, 2, 2), '<f4').
it.each([
  [
    { shape: [2, 2], data: Float32Array.of(1.5, -2, 0, 3e-3) },
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/AAAAwAAAAACmm0Q7',
  ],
  [
    { shape: [3], data: Int32Array.of(0, 1, 2) },
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAQAAAAIAAAA=',
  ],
  [
    { shape: [1, 2, 2], data: new Float32Array(4) },
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDIsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAAA',
  ],
])('an array of shape $0.shape is numpy.save to the byte', (array, expected) => {
  expect(Buffer.from(npyBytes(array)).toString('base64')).toBe(expected);
});
