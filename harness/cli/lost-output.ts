import { fileError } from '../system-errors.ts';

/** Commands whose work is done when nobody can read what they print: it lies in files. */
const WORKS_IN_FILES = ['run', 'retry', 'score', 'train'];

/**
 * Lets a command go on where its output is closed (`| head`) or cannot be written (a full disk, a terminal that is gone).
 * Returns what gives its exit code in the end: that of the work, or 1 where the output was the work and is incomplete.
 */
export function surviveLostOutput(command: string | undefined): (code: number) => number {
  let lost: NodeJS.ErrnoException | null = null;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has closed its end has what it wants.
    if (error.code !== 'EPIPE') lost ??= error;
  });
  process.stderr.on('error', () => {});
  return (code) => {
    const elsewhere = WORKS_IN_FILES.includes(command ?? '');
    // Any other command that has failed has said why.
    if (!lost || (code !== 0 && !elsewhere)) return code;
    console.error((fileError(Object.assign(lost, { path: 'standard output' })) ?? lost).message);
    return elsewhere ? code : 1;
  };
}
