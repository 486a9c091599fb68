import { describe, expect, it } from 'vitest';
import { type ElementFacts, verdictOn } from '../../../harness/scheduler/slurm/verdict.ts';

const at = '2026-11-28T00:00:00.000Z';
const failed = (failure: 'oom' | 'timeout' | 'node' | 'preempted' | 'cancelled' | 'crashed', said: string) =>
  ({ state: { kind: 'failed', failure, said } }) as const;
const verdict = (facts: Partial<ElementFacts>) =>
  verdictOn({ state: { kind: 'completed' }, end: null, progressed: false, failures: 0, ...facts });

describe('an element whose slice lacks results', () => {
  it.each(['pending', 'running'] as const)(
    'is waited for where it is %s, also after a life of it has paused',
    (kind) => {
      const state = kind === 'running' ? { kind, node: 'n1' } : { kind };
      expect(verdict({ state, end: { kind: 'paused', at }, failures: 2 })).toEqual({ kind: 'wait' });
    },
  );

  it('is never taken for ended where nobody knows', () => {
    const state = { kind: 'unknown', said: 'no such job' } as const;
    expect(verdict({ state, failures: 2 })).toEqual({ kind: 'unknown', said: 'no such job' });
    expect(verdict({ state, end: { kind: 'paused', at }, progressed: true })).toEqual({
      kind: 'again',
      failures: 0,
    });
  });

  it.each(['node', 'preempted'] as const)('is not blamed for %s', (failure) => {
    expect(verdict({ ...failed(failure, 'WORD'), failures: 2 })).toEqual({ kind: 'again', failures: 2 });
  });

  it.each(['oom', 'timeout', 'crashed'] as const)(
    'is counted for %s, unless it has got somewhere',
    (failure) => {
      expect(verdict({ ...failed(failure, 'WORD'), failures: 1 })).toEqual({ kind: 'again', failures: 2 });
      expect(verdict({ ...failed(failure, 'WORD'), failures: 2, progressed: true })).toEqual({
        kind: 'again',
        failures: 0,
      });
      expect(verdict({ ...failed(failure, 'WORD'), failures: 2 })).toEqual({
        kind: 'failed',
        failure,
        said: 'Slurm: WORD',
      });
    },
  );

  it('has run out of time where it was warned before a picture was done', () => {
    const facts = { ...failed('crashed', 'FAILED 75:0'), end: { kind: 'paused', at } as const, failures: 2 };
    expect(verdict(facts)).toMatchObject({ kind: 'failed', failure: 'timeout' });
  });

  it('is left alone where somebody has ended it, or nothing can be kept', () => {
    expect(verdict(failed('cancelled', 'CANCELLED by 1000'))).toEqual({
      kind: 'left',
      why: 'was ended from outside (Slurm: CANCELLED by 1000)',
    });
    const end = { kind: 'stopped', message: 'the disk is full', at } as const;
    expect(verdict({ ...failed('crashed', 'FAILED 1:0'), end, progressed: true })).toEqual({
      kind: 'left',
      why: 'the disk is full',
    });
  });
});
