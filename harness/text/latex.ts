import { visibleLine } from './visible.ts';

/**
 * Text as LaTeX that prints as it stands, with any engine and no package: special characters and ligatures lose their
 * meaning, accented Latin letters and the signs of our tables become commands, and a character that usual fonts lack is
 * written out as `\u{4e2d}`. Line breaks become spaces: an empty line would end a caption. The result is plain ASCII.
 */
export function latexText(text: string): string {
  return visibleLine(text.normalize('NFC')).replace(NOT_PLAIN, command);
}

/** What may not stand as it is; of dashes, those that would merge with the next. */
const NOT_PLAIN = /-(?=-)|[^A-Za-z0-9 ,.:;!?()/+=@-]/gu;

const COMMANDS: ReadonlyMap<string, string> = new Map([
  ['\\', '\\textbackslash{}'],
  ['~', '\\textasciitilde{}'],
  ['^', '\\textasciicircum{}'],
  ['<', '\\textless{}'],
  ['>', '\\textgreater{}'],
  ['|', '\\textbar{}'],
  // A command may take what follows in brackets, or a star, as its argument: \\ and \midrule at the start of a row do.
  ['[', '{[}'],
  [']', '{]}'],
  ['*', '{*}'],
  // Quotes join into others, and babel gives the double one meanings of its own.
  ['"', '{\\char34}'],
  ["'", "{'}"],
  ['`', '{`}'],
  ['-', '-{}'],
  ['↑', '$\\uparrow$'],
  ['↓', '$\\downarrow$'],
  ['±', '$\\pm$'],
  ['×', '$\\times$'],
  ['−', '$-$'],
  ['≈', '$\\approx$'],
  ['≥', '$\\geq$'],
  ['Δ', '$\\Delta$'],
  ['∞', '$\\infty$'],
  ['†', '$^\\dagger$'],
  ['‡', '$^\\ddagger$'],
  ['—', '---'],
  ['…', '\\ldots{}'],
  ['ß', '\\ss{}'],
  ['æ', '\\ae{}'],
  ['Æ', '\\AE{}'],
  ['œ', '\\oe{}'],
  ['Œ', '\\OE{}'],
  ['ø', '\\o{}'],
  ['Ø', '\\O{}'],
  ['ł', '\\l{}'],
  ['Ł', '\\L{}'],
]);

/** Combining marks and the commands that set them on a letter. */
const ACCENTS: ReadonlyMap<string, string> = new Map([
  ['\u0300', '`'],
  ['\u0301', "'"],
  ['\u0302', '^'],
  ['\u0303', '~'],
  ['\u0304', '='],
  ['\u0306', 'u'],
  ['\u0307', '.'],
  ['\u0308', '"'],
  ['\u030a', 'r'],
  ['\u030b', 'H'],
  ['\u030c', 'v'],
  ['\u0327', 'c'],
]);

function command(char: string): string {
  return COMMANDS.get(char) ?? accented(char) ?? (/[#$%&_{}]/.test(char) ? `\\${char}` : writtenOut(char));
}

function accented(char: string): string | undefined {
  const [letter = '', mark = '', ...more] = char.normalize('NFD');
  const accent = ACCENTS.get(mark);
  return accent && more.length === 0 && /[A-Za-z]/.test(letter) ? `\\${accent}{${letter}}` : undefined;
}

function writtenOut(char: string): string {
  return `\\textbackslash{}u\\{${char.codePointAt(0)!.toString(16)}\\}`;
}
