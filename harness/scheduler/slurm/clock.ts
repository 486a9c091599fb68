import { setTimeout as delay } from 'node:timers/promises';

/** Time as the driver has it; tests have one of their own. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Returns early where the signal is aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  now: () => performance.now(),
  wait: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => {}),
};
