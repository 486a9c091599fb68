import { dirname, isAbsolute, join } from 'node:path';
import { type SourceLocation, UserError } from '../errors.ts';

/** Control characters but tab and line breaks: YAML has no place for them but as escapes (`"\e"`). */
const CONTROL = /[^\P{Cc}\t\n\r]/u;
/** Halves of characters (lone surrogates): no UTF-8 can hold one, so neither can a key, a file name or a report. */
const HALF = /\p{Cs}/u;

/** @throws UserError at the first character that no text file holds */
export function refuseControls(text: string, at: (offset: number) => SourceLocation): void {
  refuse(CONTROL, 'the control character', text, at);
}

/** @throws UserError at the first half of a character */
export function refuseHalves(text: string, at: (offset: number) => SourceLocation): void {
  refuse(HALF, 'half a character (a lone surrogate),', text, at);
}

function refuse(what: RegExp, called: string, text: string, at: (offset: number) => SourceLocation): void {
  const match = what.exec(text);
  if (!match) return;
  const code = match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  throw new UserError(`expected text, found ${called} U+${code} in it`, at(match.index));
}

/**
 * A path as a file writes it: relative to that file.
 * @throws UserError for a NUL, which ends a path for the operating system
 */
export function pathBeside(where: SourceLocation, written: string): string {
  if (written.includes('\0'))
    throw new UserError('expected a path, found the control character U+0000 in it', where);
  return isAbsolute(written) ? written : join(dirname(where.file), written);
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
