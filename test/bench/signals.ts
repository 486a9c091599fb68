import { constants } from 'node:os';

/** A signal alone would leave what is removed at this process's exit: weights and profiles in temporary files. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
}
