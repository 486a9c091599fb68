import { describe, expect, it } from 'vitest';
import { readFromChild } from '../../harness/worker/from-child.ts';
import { exampleCell, exampleSolution } from '../store/example.ts';

const file = { role: 'result', media: 'array', path: 'tensors/a', sha256: 'a'.repeat(64) } as const;
const solution = exampleSolution(exampleCell({ key: 'c0' }), { artifacts: [file] });
const solved = (change: object) => ({ kind: 'solved', solution: { ...solution, ...change } });

describe('what a child says', () => {
  it('passes where it is one of its messages, also with an infinite score', () => {
    const scores = [{ metric: 'psnr', version: 1, protocol: {}, value: Number.POSITIVE_INFINITY }];
    const message = solved({ scores });
    expect(readFromChild(message)).toEqual(message);
  });

  it.each([
    ['hello', 'Invalid input: expected object, received string'],
    [
      { kind: 'banana' },
      "kind: Invalid discriminator value. Expected 'loaded' | 'solved' | 'nan' | 'scored' | 'set-scored' | 'progress' | 'finished' | 'failed' | 'uncaught' | 'stop'",
    ],
    [
      { kind: 'failed' },
      'failure: Invalid option: expected one of "oom"|"timeout"|"nan"|"solver-error"|"missing-picture"|"crashed"|"lost"',
    ],
    [
      { kind: 'solved', solution: { cellKey: 'nope' } },
      'solution: artifacts: Invalid input: expected array, received undefined',
    ],
    [
      solved({ counters: { a: Number.NaN } }),
      'solution: counters: a: Invalid input: expected number, received NaN',
    ],
    [solved({ steps: 1n }), 'solution: steps: Invalid input: expected number, received bigint'],
    [
      solved({ scores: [{ metric: 'psnr', version: 1, protocol: {}, value: Number.NaN }] }),
      'solution: scores: 0: value: expected a number',
    ],
    [
      { kind: 'failed', failure: 'oom', message: 'x'.repeat(1e6), stack: '' },
      'message: Too big: expected string to have <=4000 characters',
    ],
  ])('is refused where it is anything else', (message, why) => {
    expect(() => readFromChild(message)).toThrow(new Error(`a message that is none of its own (${why})`));
  });
});
