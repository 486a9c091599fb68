import { type SourceLocation, UserError } from '../errors.ts';

/** Control characters but tab and line breaks: a file that has them is no text. */
const UNPRINTABLE = /[^\P{Cc}\t\n\r]/u;
/** Halves of characters, which no UTF-8 can hold. */
const HALVES = /\p{Cs}/u;

/** @throws UserError at the first character that a text file does not hold */
export function refuseUnprintable(text: string, at: (offset: number) => SourceLocation): void {
  refuse(UNPRINTABLE.exec(text) ?? HALVES.exec(text), at);
}

/** Of a value that was written with escapes. @throws UserError at the first half of a character */
export function refuseHalves(text: string, where: SourceLocation): void {
  refuse(HALVES.exec(text), () => where);
}

function refuse(match: RegExpExecArray | null, at: (offset: number) => SourceLocation): void {
  if (!match) return;
  const code = match[0].charCodeAt(0);
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const kind = code < 0xd800 ? 'the control character' : 'half a character (a lone surrogate),';
  throw new UserError(`expected text, found ${kind} ${name} in it`, at(match.index));
}

/**
 * UTF-8 as text, without the byte order mark.
 * @throws UserError for bytes that are not UTF-8
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const lenient = new TextDecoder().decode(bytes);
    const [first, second] = bytes;
    const utf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
    throw new UserError(
      utf16 ? 'is UTF-16; save the file as UTF-8' : 'is not UTF-8: no text, or in another encoding',
      placeIn(lenient, lenient.indexOf('\ufffd'), file),
    );
  }
}

/** Line and column of an offset into a text. */
export function placeIn(text: string, offset: number, file: string): SourceLocation {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let at = before.indexOf('\n'); at !== -1; at = before.indexOf('\n', at + 1)) line++;
  return { file, line, column: offset - start + 1 };
}
