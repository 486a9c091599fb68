import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LONGEST_SECONDS, Watchdog } from '../../harness/worker/watchdog.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a job', () => {
  it('is stopped where it shows no sign of life, before it is loaded too', () => {
    const stop = vi.fn();
    const watch = new Watchdog({ batchSeconds: null, stallSeconds: 60 }, 'opening the prior', stop);
    vi.advanceTimersByTime(59_000);
    watch.sign();
    vi.advanceTimersByTime(59_000);
    expect(stop).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(stop.mock.calls).toEqual([
      [
        'stopped: no step or result for 60 s while opening the prior; ' +
          'if it is only slow: --stall-timeout SECONDS, 0 for no limit',
      ],
    ]);
  });

  it('is stopped so many seconds after it was loaded, whatever it says', () => {
    const stop = vi.fn();
    const watch = new Watchdog({ batchSeconds: 8, stallSeconds: 60 }, 'opening the prior', stop);
    vi.advanceTimersByTime(50_000);
    watch.sign();
    watch.loaded();
    vi.advanceTimersByTime(7999);
    expect(stop).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(stop.mock.calls).toEqual([['stopped after 8 s (--timeout)']]);
  });

  it('has all the time there is without limits, and after its end', () => {
    const stop = vi.fn();
    new Watchdog({ batchSeconds: null, stallSeconds: null }, 'scoring', stop).loaded();
    const ended = new Watchdog({ batchSeconds: 8, stallSeconds: 60 }, 'scoring', stop);
    ended.loaded();
    ended.end();
    vi.advanceTimersByTime(LONGEST_SECONDS * 1000);
    expect(stop).not.toHaveBeenCalled();
  });
});
