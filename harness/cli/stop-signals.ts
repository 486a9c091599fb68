import { constants } from 'node:os';

const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Signals that ask a run to end in order; a second one ends it at once. */
export class StopSignals {
  readonly #stop = new AbortController();
  #received: NodeJS.Signals | null = null;

  constructor() {
    for (const signal of STOPPING) process.on(signal, this.#receive);
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** As shells state it: 128 and the signal's number, 130 for SIGINT; null where none has come. */
  get exitCode(): number | null {
    return this.#received && 128 + constants.signals[this.#received];
  }

  dispose(): void {
    for (const signal of STOPPING) process.off(signal, this.#receive);
  }

  readonly #receive = (signal: NodeJS.Signals) => {
    if (this.#received) process.exit(128 + constants.signals[signal]);
    this.#received = signal;
    this.#stop.abort();
  };
}
