import { describe, expect, it } from 'vitest';
import { MissingPicture } from '../../harness/solvers/missing-picture.ts';
import {
  type ChildEnd,
  describeEnd,
  failureOfEnd,
  failureOfError,
} from '../../harness/worker/end-of-child.ts';

const end = (overrides: Partial<ChildEnd>): ChildEnd => ({
  code: null,
  signal: null,
  logTail: '',
  oomKilled: false,
  ...overrides,
});

describe('a worker process that ends within a batch', () => {
  it.each([
    ['oom', end({ signal: 'SIGKILL', oomKilled: true })],
    ['lost', end({ signal: 'SIGKILL' })],
    ['lost', end({ signal: 'SIGTERM' })],
    ['crashed', end({ signal: 'SIGSEGV' })],
    ['crashed', end({ signal: 'SIGABRT' })],
    ['oom', end({ signal: 'SIGABRT', logTail: 'FATAL ERROR: JavaScript heap out of memory' })],
    ['oom', end({ signal: 'SIGABRT', logTail: "terminate called after throwing 'std::bad_alloc'" })],
    ['crashed', end({ code: 1 })],
  ] as const)('counts as %s', (kind, how) => {
    expect(failureOfEnd(how)).toBe(kind);
  });

  it('is described in a few words', () => {
    expect(describeEnd(end({ signal: 'SIGSEGV' }))).toBe('the worker process was ended by SIGSEGV');
    expect(describeEnd(end({ code: 7 }))).toBe('the worker process exited with code 7');
  });
});

const meaning = (error: Error) => failureOfError(error, error);

describe('an error that a solver throws', () => {
  it('is a want of memory where it says so', () => {
    expect(meaning(new Error('Array buffer allocation failed'))).toBe('oom');
    expect(meaning(new Error('Failed to allocate memory for requested buffer of size 9'))).toBe('oom');
    expect(meaning(new Error('shapes do not match'))).toBe('solver-error');
    expect(meaning(new MissingPicture('a.png is missing'))).toBe('missing-picture');
  });
});
