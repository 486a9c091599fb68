import { Mistakes } from '../config/mistakes.ts';
import { UserError } from '../errors.ts';

/** From here on an exit code tells of a signal. */
const SIGNALLED = 128;

/**
 * Does something with one experiment after another, by their files or names; a mistake in one does not keep the others back. The exit code is
 * the worst of all; a signal ends it.
 * @throws UserError at the end, for all mistakes
 */
export async function eachFile(
  configs: readonly string[],
  work: (config: string) => Promise<void>,
): Promise<void> {
  const mistakes = new Mistakes();
  let worst = 0;
  for (const config of configs) {
    process.exitCode = 0;
    try {
      await work(config);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      mistakes.add(error);
    }
    worst = Math.max(worst, Number(process.exitCode));
    if (worst >= SIGNALLED) break;
  }
  process.exitCode = worst;
  mistakes.refuse();
}
