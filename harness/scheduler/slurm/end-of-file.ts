import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The last bytes of a text file; '' where it cannot be read. */
export function endOfFile(path: string, bytes: number): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, bytes));
    const got = readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8', 0, got);
  } finally {
    closeSync(file);
  }
}
