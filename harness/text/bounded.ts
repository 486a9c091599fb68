/** A failure's message is kept and shown whole: what is longer is a dump. */
export const MESSAGE_CHARACTERS = 4000;
export const LOG_CHARACTERS = 8000;

/** The beginning of a stranger's text, fit to be kept. */
export function beginningOf(text: string, length: number): string {
  return storable(text.length > length ? `${text.slice(0, length - 1)}…` : text);
}

/** The end of a stranger's text, fit to be kept. */
export function endOf(text: string, length: number): string {
  return storable(text.length > length ? text.slice(-length) : text);
}

/** SQLite's functions take a text to end at NUL, and JSON has no half of a surrogate pair. */
function storable(text: string): string {
  return Buffer.from(text.replaceAll('\0', '␀')).toString();
}
