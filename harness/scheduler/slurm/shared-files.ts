import { readdirSync, readFileSync } from 'node:fs';

/** What a file of ours holds; null where it is not there. Such files are renamed into their place and never half written. */
export function readJson<T>(file: string): T | null {
  return unlessGone(() => JSON.parse(readFileSync(file, 'utf8')) as T, null);
}

/** What is in a folder; nothing where it is not there. */
export function namesIn(folder: string): string[] {
  return unlessGone(() => readdirSync(folder), []);
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
