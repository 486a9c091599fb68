import { readdirSync, readFileSync } from 'node:fs';

/** What a file of ours holds; null where it is not there. Such files are renamed into their place and never half written. */
export function readJson<T>(file: string): T | null {
  return unlessGone(() => JSON.parse(readFileSync(file, 'utf8')) as T, null);
}

/** What is in a folder; nothing where it is not there. */
export function namesIn(folder: string): string[] {
  return unlessGone(() => readdirSync(folder), []);
}

/** What is in a file; of one that was replaced on another machine while it was read, what is there now. */
export function readShared(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESTALE') throw error;
    return readFileSync(file, 'utf8');
  }
}

/** ESTALE: of a file that was replaced while it was read on another machine. */
const GONE = ['ENOENT', 'ENOTDIR', 'ESTALE'];

function unlessGone<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (GONE.includes((error as NodeJS.ErrnoException).code ?? '')) return otherwise;
    throw error;
  }
}
