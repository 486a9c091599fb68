/** How long a job may take; null: for ever. */
export interface TimeLimits {
  /** Seconds of a batch, once its prior is loaded. */
  readonly batchSeconds: number | null;
  /** Seconds between two signs of life, from the job's start on. */
  readonly stallSeconds: number | null;
}

/** Timers hold milliseconds in 31 bits; beyond that they would fire at once. */
export const LONGEST_SECONDS = Math.floor((2 ** 31 - 1) / 1000);

/** Sees that a job goes on; tells once where it does not. */
export class Watchdog {
  readonly #limits: TimeLimits;
  readonly #stop: (why: string) => void;
  readonly #stall: NodeJS.Timeout | undefined;
  #batch: NodeJS.Timeout | undefined;
  #doing: string;

  /** @param doing what the job does first, as in "while ..." */
  constructor(limits: TimeLimits, doing: string, stop: (why: string) => void) {
    this.#limits = limits;
    this.#doing = doing;
    this.#stop = stop;
    const { stallSeconds } = limits;
    if (stallSeconds !== null) this.#stall = setTimeout(() => this.#stalled(), stallSeconds * 1000);
  }

  /** The child has said something. */
  sign(): void {
    this.#stall?.refresh();
  }

  /** The batch's time begins. */
  loaded(): void {
    this.#doing = 'solving';
    const { batchSeconds } = this.#limits;
    if (batchSeconds === null) return;
    this.#batch = setTimeout(
      () => this.#stop(`stopped after ${batchSeconds} s (--timeout)`),
      batchSeconds * 1000,
    );
  }

  end(): void {
    clearTimeout(this.#stall);
    clearTimeout(this.#batch);
  }

  #stalled(): void {
    this.#stop(
      `stopped: no step or result for ${this.#limits.stallSeconds} s while ${this.#doing}; ` +
        'if it is only slow: --stall-timeout SECONDS, 0 for no limit',
    );
  }
}
