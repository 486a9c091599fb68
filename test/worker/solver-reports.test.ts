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
    ['"no"', 'no'],
    ['{}', {}],
    ['[]', []],
    ['[ 1, 2, 3 ]', [1, 2, 3]],
    ['{ x: undefined }', { x: undefined }],
    ['{ shape: [Array] }', { shape: [1, 3, 8, 8] }],
  ])('is no picture where it is %s', (shown, returned) => {
    expect(() => requireResult('nasty', 'restore', returned as Tensor, [1, 3, 8, 8])).toThrow(
      new Error(`nasty returned ${shown}, expected a tensor [1,3,8,8] or { x }`),
    );
  });

  it.each([
    ['[1,3,4,4], expected [1,3,8,8]', tf.zeros([1, 3, 4, 4])],
    ['a tensor of int32, expected float32', tf.zeros([1, 3, 8, 8], 'int32')],
    ['a tensor of bool, expected float32', { x: tf.zeros([1, 3, 8, 8], 'bool') }],
  ])('is no picture where it is %s', (told, returned) => {
    expect(() => requireResult('nasty', 'restore', returned, [1, 3, 8, 8])).toThrow(
      new Error(`nasty returned ${told}`),
    );
  });

  it('is a tensor of pictures, or a class for each of their pixels', () => {
    expect(() => requireResult('kind', 'restore', tf.zeros([1, 3, 8, 8]), [1, 3, 8, 8])).not.toThrow();
    expect(() => requireResult('kind', 'segment', tf.zeros([1, 8, 8], 'int32'), [1, 3, 8, 8])).not.toThrow();
    expect(() => requireResult('nasty', 'segment', tf.zeros([1, 8, 8]), [1, 3, 8, 8])).toThrow(
      'nasty returned a tensor of float32, expected int32',
    );
    expect(() => requireResult('nasty', 'segment', {} as never, [1, 3, 8, 8])).toThrow(
      'nasty returned {}, expected a tensor [1,8,8] or { labels }',
    );
  });

  it('is there to be read', () => {
    const gone = tf.zeros([1, 3, 8, 8]);
    gone.dispose();
    expect(() => requireResult('nasty', 'restore', gone, [1, 3, 8, 8])).toThrow(
      'nasty returned a tensor that is disposed',
    );
  });
});
