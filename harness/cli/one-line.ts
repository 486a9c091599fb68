/** Control characters, line breaks included, marks that turn the direction of text, halves of characters. */
const HARMFUL = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}/gu;

/** A message as one line that does nothing to a terminal: such characters as escapes. */
export function oneLine(text: string): string {
  return text.replace(HARMFUL, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
