import { SingleBar } from 'cli-progress';

/**
 * How many of something are done, on a terminal. Appears with the first, so that a mistake found before stands alone.
 * @param what in the plural
 */
export function progressBar(
  what: string,
  silent: boolean,
): { update(done: number, total: number): void; stop(): void } {
  const bar = new SingleBar({
    format: `{value}/{total} ${what} {bar} {eta_formatted} left`,
    stream: process.stderr,
    clearOnComplete: true,
    barsize: 24,
  });
  return {
    update(done, total) {
      if (silent || !process.stderr.isTTY) return;
      if (!bar.isActive) bar.start(total, done);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
