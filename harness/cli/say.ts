import { once } from 'node:events';
import { jsonText } from '../text/json.ts';
import { printable, printableLayout } from '../text/terminal.ts';

/** Prints lines or a table on standard output. Of all that is printed nothing but our own layout acts on a terminal. */
export function say(text: string): void {
  console.log(printableLayout(text));
}

/** The same on standard error. */
export function warn(text: string): void {
  console.error(printableLayout(text));
}

/** Prints a piece of a JSON document that is too large to be held at once; what it holds is JSON already. */
export function sayPiece(json: string): void {
  console.log(json);
}

/** Writes a piece of a document for another program, JSON or CSV that is escaped already, or bytes; waits while its reader does. */
export async function sayChunk(chunk: string | Uint8Array): Promise<void> {
  // An output that is closed never drains: the end of the program looks at what was lost.
  if (!process.stdout.write(chunk)) await once(process.stdout, 'drain').catch(() => {});
}

/** One line of progress on a terminal, written over by the next; nothing where standard error is no terminal. */
export function warnInPlace(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${printable(text)}`);
}

/** Prints one JSON document on standard output. */
export function sayJson(value: unknown, indent = 0): void {
  console.log(jsonText(value, indent));
}
