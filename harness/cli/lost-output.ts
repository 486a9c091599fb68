import { fileError } from '../system-errors.ts';
import { warn } from './say.ts';

/** Commands whose work is done when nobody can read what they print: it lies in files. */
const WORKS_IN_FILES = ['run', 'retry', 'score', 'tune', 'train'];

/** Lets the program go on where its output is closed (`| head`), on a full disk or a terminal that is gone. */
export function surviveLostOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/**
 * Waits until everything printed is through.
 * @returns the exit code: that of the work, or 1 where the output was the work and could not be written
 */
export async function exitCodeAfterOutput(command: string | undefined, code: number): Promise<number> {
  const lost = await flush(process.stdout);
  const elsewhere = WORKS_IN_FILES.includes(command ?? '');
  // A reader that has closed its end has what it wants; any other command that has failed has said why.
  const told = lost && lost.code !== 'EPIPE' && (elsewhere || code === 0);
  if (told) warn((fileError(Object.assign(lost, { path: 'standard output' })) ?? lost).message);
  await flush(process.stderr);
  return told && !elsewhere ? 1 : code;
}

/** What went wrong with this stream, if anything has. */
function flush(stream: NodeJS.WriteStream): Promise<NodeJS.ErrnoException | null | undefined> {
  return new Promise((resolve) => {
    stream.write('', resolve);
  });
}
