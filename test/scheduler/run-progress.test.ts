import { describe, expect, it } from 'vitest';
import { RunProgress } from '../../harness/scheduler/run-progress.ts';
import { batchOf } from './batches.ts';

function progressOf(seconds: Record<string, number>, workers: number) {
  const clock = { seconds: 0 };
  return { clock, progress: new RunProgress(new Map(Object.entries(seconds)), workers, () => clock.seconds) };
}

describe('the time left', () => {
  it('is at first the estimate, shared by the workers', () => {
    expect(progressOf({ a: 30, b: 30 }, 2).progress.secondsLeft()).toBe(30);
  });

  it('follows the true pace once a tenth is over', () => {
    const { clock, progress } = progressOf({ a: 30, b: 30 }, 1);
    clock.seconds = 60;
    progress.finish('a', 'solved');
    expect(progress.secondsLeft()).toBe(60);
  });

  it('counts the steps of a batch at work', () => {
    const { clock, progress } = progressOf({ a: 10, b: 10 }, 1);
    progress.begin('cpu/1', batchOf('a', 'b'));
    clock.seconds = 10;
    progress.step('cpu/1', 25, 50);
    expect(progress.secondsLeft()).toBe(10);
    expect(progress.batchSecondsLeft('cpu/1')).toBe(10);
  });

  it('is nothing when all cells have ended, whichever way', () => {
    const { clock, progress } = progressOf({ a: 10, b: 10 }, 1);
    clock.seconds = 5;
    progress.finish('a', 'solved');
    progress.finish('b', 'failed');
    expect(progress.secondsLeft()).toBe(0);
    expect(progress).toMatchObject({ solved: 1, failed: 1, total: 2 });
  });

  it('of a batch is unknown before its first step', () => {
    const { progress } = progressOf({ a: 10 }, 1);
    progress.begin('cpu/1', batchOf('a'));
    expect(progress.batchSecondsLeft('cpu/1')).toBeNull();
  });
});
