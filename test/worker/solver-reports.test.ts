import { describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { checkProgress, requirePictures } from '../../harness/worker/solver-reports.ts';

describe('the steps that a solver reports', () => {
  it('are numbers', () => {
    expect(() => checkProgress(0, 0)).not.toThrow();
    expect(() => checkProgress(Number.NaN, -5)).toThrow(
      new Error('run.progress(NaN, -5): expected two numbers of steps'),
    );
  });
});

describe('the pictures that a solver returns', () => {
  it.each([
    ['undefined', undefined],
    ['null', null],
    ['3', 3],
    ['something of type object', [1, 2, 3]],
    ['[1,3,4,4]', tf.zeros([1, 3, 4, 4])],
    ['a tensor of int32', tf.zeros([1, 3, 8, 8], 'int32')],
  ])('are not %s', (shown, returned) => {
    expect(() => requirePictures('nasty', returned as Tensor, [1, 3, 8, 8])).toThrow(
      `nasty returned ${shown}, `,
    );
  });

  it('are a tensor of the problem', () => {
    expect(() => requirePictures('kind', tf.zeros([1, 3, 8, 8]), [1, 3, 8, 8])).not.toThrow();
  });
});
