/**
 * Characters that show nothing and change how others are read: controls (an escape sequence steers a terminal, NUL ends
 * a string in C libraries), format characters (a bidirectional override shows `gnp.exe` as `exe.png`, zero-width ones
 * make two names look equal), line and paragraph separators, halves of surrogate pairs. The joiner inside one emoji (the
 * members of a family) is seen: it makes them one picture.
 */
const UNSEEN =
  /(?!(?<=\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d\p{Extended_Pictographic})[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * Text in which every character can be seen: `\n`, `\r`, `\t`, and `\u{1b}` for any other unseen one, written out. The
 * characters of `kept` stay: for formats in which they are harmless and mean something.
 */
export function visible(text: string, kept = ''): string {
  return text.replace(UNSEEN, (char) =>
    kept.includes(char) ? char : (SHORT.get(char) ?? `\\u{${char.codePointAt(0)!.toString(16)}}`),
  );
}

/** The same in one line, where a line break may not stand and a space says as much. */
export function visibleLine(text: string): string {
  return visible(text.replace(/[\t\n\v\f\r]+/g, ' '));
}

/** At most `limit` characters: what is too long loses its middle, since names differ at their ends. */
export function shorten(text: string, limit: number): string {
  const characters = [...text];
  if (characters.length <= limit) return text;
  const end = Math.floor((limit - 1) / 2);
  return `${characters.slice(0, limit - 1 - end).join('')}…${characters.slice(-end).join('')}`;
}
