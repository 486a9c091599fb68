import { describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { Counters, checkProgress, requirePictures } from '../../harness/worker/solver-reports.ts';

describe('what a solver counts', () => {
  it('is summed by name, whatever the name', () => {
    const counters = new Counters();
    counters.add({ unetForward: 1, ['__proto__']: 3 });
    counters.add({ unetForward: 2 });
    expect(Object.entries(counters.sums)).toEqual([
      ['unetForward', 3],
      ['__proto__', 3],
    ]);
  });

  it.each([
    [Number.NaN, 'NaN'],
    [1n, '1n'],
    ['x', 'something of type string'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [undefined, 'undefined'],
  ])('is a finite number, and not %s', (n, shown) => {
    expect(() => new Counters().add({ unet: n })).toThrow(
      new Error(`ctx.count: unet is ${shown}, expected a finite number`),
    );
  });
});

describe('the steps that a solver reports', () => {
  it('are numbers', () => {
    expect(() => checkProgress(0, 0)).not.toThrow();
    expect(() => checkProgress(Number.NaN, -5)).toThrow(
      new Error('ctx.progress(NaN, -5): expected two numbers of steps'),
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
