import { visible } from './visible.ts';

/** How a cell starts that spreadsheets compute instead of show; the wide forms are those of East Asian keyboards. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\n]/;
/** The same behind what a program that does not expect commas, or knows no quotes, takes for the end of a field. */
const LATER_FORMULA = /([;\t\n]\s*)(?=[=+\-@＝＋－＠])/g;

/**
 * One field of a CSV file (RFC 4180). A number is written as it is. A text that a spreadsheet would take for a formula
 * gets an apostrophe in front, which spreadsheets take for "this is text" (OWASP's advice on CSV injection), and so does
 * what follows a semicolon, tab or line break in it; characters that cannot be seen are written out, except line breaks
 * and tabs. Nothing (null, undefined) is an empty field.
 */
export function csvField(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = visible(value.replace(/\r\n?/g, '\n'), '\n\t');
  const safe = (FORMULA.test(text) ? `'${text}` : text).replace(LATER_FORMULA, "$1'");
  return /[",;\n\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A line of fields, without its end. */
export function csvLine(values: readonly (string | number | boolean | null | undefined)[]): string {
  return values.map(csvField).join(',');
}
