import { shorten, visible } from './visible.ts';

/** Characters of a name (a method, a picture, a parameter with its value) that a terminal shows. */
export const NAME = 100;
/** Characters of what somebody else's code or a library says, such as the message of a failure. */
export const MESSAGE = 4000;

/**
 * Text from a file, a plug-in or the command line, as one piece of a line in a terminal. Nothing in it may act on the
 * terminal or look like something else: what cannot be seen is written out, line breaks included, and the middle of
 * what is longer than `limit` is left out.
 */
export function printable(text: string, limit = Number.POSITIVE_INFINITY): string {
  return shorten(visible(text), limit);
}

const ESC = '\u001b';
/** Bold and underlined, on and off. */
const MARK = /^\[(?:1|22|4|24)m/;

/**
 * What we have laid out ourselves: lines, tables, marks. Everything printed passes here, so that a name that was not
 * escaped where it was filled in is harmless all the same.
 */
export function printableLayout(text: string): string {
  const [first, ...others] = visible(text, `\n${ESC}`).split(ESC);
  return first + others.map((piece) => (MARK.test(piece) ? ESC : visible(ESC)) + piece).join('');
}
