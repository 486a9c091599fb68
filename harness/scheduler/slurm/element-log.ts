import { endOfFile } from './end-of-file.ts';
import { logFile } from './sbatch-script.ts';

const TAIL_BYTES = 4096;

/** The last that an element has printed; '' where nothing can be read. */
export function logTail(logDir: string, job: string, index: number): string {
  return endOfFile(logFile(logDir, job, index), TAIL_BYTES);
}
