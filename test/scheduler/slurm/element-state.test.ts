import { describe, expect, it } from 'vitest';
import { elementState, isEnd, saysOutOfMemory } from '../../../harness/scheduler/slurm/element-state.ts';

const PENDING = [
  'PENDING',
  'CONFIGURING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'RESV_DEL_HOLD',
  'SPECIAL_EXIT',
  'SUSPENDED',
  'STOPPED',
];
const RUNNING = ['RUNNING', 'COMPLETING', 'RESIZING', 'SIGNALING', 'STAGE_OUT'];

describe('what a word of Slurm says of an element', () => {
  it.each(PENDING)('%s: it is to run', (word) =>
    expect(elementState(word, null, '')).toEqual({ kind: 'pending' }),
  );

  it.each(RUNNING)('%s: it is running', (word) =>
    expect(elementState(word, null, 'n1')).toEqual({ kind: 'running', node: 'n1' }),
  );

  it.each([
    ['TIMEOUT', 'timeout'],
    ['DEADLINE', 'timeout'],
    ['OUT_OF_MEMORY', 'oom'],
    ['NODE_FAIL', 'node'],
    ['BOOT_FAIL', 'node'],
    ['PREEMPTED', 'preempted'],
    ['CANCELLED', 'cancelled'],
    ['CANCELLED by 1000', 'cancelled'],
  ])('%s: it has ended, by %s', (word, failure) =>
    expect(elementState(word, { code: 0, signal: 15 }, 'n1')).toEqual({
      kind: 'failed',
      failure,
      said: word,
    }),
  );

  it('FAILED: with how its program ended', () => {
    const failed = (code: number, signal: number) => elementState('FAILED', { code, signal }, 'n1');
    expect(failed(3, 0)).toEqual({ kind: 'failed', failure: 'crashed', said: 'FAILED 3:0' });
    expect(failed(0, 9)).toEqual({ kind: 'failed', failure: 'crashed', said: 'FAILED 0:9' });
    expect(elementState('FAILED', null, '')).toMatchObject({ said: 'FAILED' });
  });

  it('COMPLETED: it has ended in order', () =>
    expect(elementState('COMPLETED', { code: 0, signal: 0 }, 'n1')).toEqual({ kind: 'completed' }));

  it.each(['REVOKED', 'FROBNICATED', '', 'toString', 'completed'])('%j: nobody knows', (word) => {
    const state = elementState(word, { code: 0, signal: 0 }, 'n1');
    expect(state).toEqual({ kind: 'unknown', said: word });
    expect(isEnd(state)).toBe(false);
  });
});

describe('the log of an element that was killed', () => {
  it.each([
    'slurmstepd: error: Step 7.batch exceeded memory limit (614400 > 204800), being killed',
    'slurmstepd: error: Exceeded job memory limit at some point.',
    'slurmstepd: error: Detected 1 oom-kill event(s) in StepId=7.batch. Some of your processes may have been killed by the cgroup out-of-memory handler.',
    'slurmstepd: error: Detected 1 oom_kill event in StepId=7.batch. Some of the step tasks have been OOM Killed.',
  ])('tells of memory: %s', (line) => expect(saysOutOfMemory(`step 3 of 50\n${line}\n`)).toBe(true));

  it.each([
    '',
    'slurmstepd: error: *** JOB 7 ON n1 CANCELLED AT 2026-11-28T18:20:00 ***',
    'room for 4 pictures',
  ])('or does not: %j', (log) => expect(saysOutOfMemory(log)).toBe(false));
});
