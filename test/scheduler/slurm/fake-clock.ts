import type { Clock } from '../../../harness/scheduler/slurm/clock.ts';

/** CPU seconds of this process, user and system, in what it was given to do. */
class CpuMeter {
  seconds = 0;

  during<T>(act: () => T): T {
    const before = process.cpuUsage();
    try {
      return act();
    } finally {
      const { user, system } = process.cpuUsage(before);
      this.seconds += (user + system) / 1e6;
    }
  }
}

/** A clock that moves when somebody waits, and does what is due then. */
export class FakeClock implements Clock {
  /** Of what others than the one that waits have done. */
  readonly others = new CpuMeter();
  #now = 0;
  #due: { readonly at: number; act(): void }[] = [];

  now(): number {
    return this.#now;
  }

  /** Does something after so many seconds. */
  after(seconds: number, act: () => void): void {
    this.#due.push({ at: this.#now + seconds * 1000, act });
  }

  async wait(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      this.#due.sort((a, b) => a.at - b.at);
      const next = this.#due[0];
      if (!next || next.at > end) break;
      this.#due.shift();
      this.#now = next.at;
      this.others.during(next.act);
    }
    this.#now = end;
  }
}

/** The same numbers at each call with the same seed, below 1 (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
