/** Control characters, line breaks included, marks that turn the direction of text, halves of characters. */
const HARMFUL = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}/gu;

/** No path is longer, and no message should be. */
const LONGEST = 5000;

/** A message as one line that does nothing to a terminal: such characters as escapes, cut where it has no end. */
export function oneLine(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return short.replace(HARMFUL, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
