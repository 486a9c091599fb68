import { jsonText } from '../text/json.ts';
import { printableLayout } from '../text/terminal.ts';

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

/** Prints one JSON document on standard output. */
export function sayJson(value: unknown, indent = 0): void {
  console.log(jsonText(value, indent));
}
