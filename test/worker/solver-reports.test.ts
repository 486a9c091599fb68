import { describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { checkProgress, requireResult } from '../../harness/worker/solver-reports.ts';

describe('the steps that a solver reports', () => {
  it('are numbers', () => {
    expect(() => checkProgress(0, 0)).not.toThrow();
    expect(() => checkProgress(Number.NaN, -5)).toThrow(
      new Error('run.progress(NaN, -5): expected two numbers of steps'),
    );
  });
});

describe('the result that a solver returns', () => {
  it.each([
    ['undefined', undefined],
    ['null', null],
    ['3', 3],
    ['something of type object', [1, 2, 3]],
    ['[1,3,4,4]', tf.zeros([1, 3, 4, 4])],
    ['a tensor of int32', tf.zeros([1, 3, 8, 8], 'int32')],
  ])('is no picture where it is %s', (shown, returned) => {
    expect(() => requireResult('nasty', returned as Tensor, 'picture', [1, 3, 8, 8])).toThrow(
      `nasty returned ${shown}, `,
    );
  });

  it('is a tensor of pictures, or a class for each of their pixels', () => {
    expect(() => requireResult('kind', tf.zeros([1, 3, 8, 8]), 'picture', [1, 3, 8, 8])).not.toThrow();
    expect(() => requireResult('kind', tf.zeros([1, 8, 8], 'int32'), 'labels', [1, 3, 8, 8])).not.toThrow();
    expect(() => requireResult('nasty', tf.zeros([1, 8, 8]), 'labels', [1, 3, 8, 8])).toThrow(
      'nasty returned a tensor of float32, expected int32',
    );
  });
});
