/** A word as a POSIX shell reads it: in single quotes, where it reads nothing but the closing one, if it has to be. */
export function shellWord(text: string): string {
  return /^[\w./+@%:,=-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
