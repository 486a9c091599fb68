/** What names of solvers, pictures and parameters, and messages, may hold: each would mean something to some reader. */
export const HOSTILE: readonly string[] = [
  // A terminal: colours, titles, the cleared screen, one-byte controls, lines written over.
  '\u001b[31mred\u001b[2J',
  '\u001b]0;owned\u0007',
  '\u009b31mC1',
  'a\rb\u0008c\u007f',
  'line1\n\nline2 | cell',
  // Text that shows as another, or not at all; NUL ends a string.
  '\u202egnp.exe\u202c \u200bzero\ufeff',
  'nul\u0000name',
  'ls\u2028ps\u2029',
  'half \ud800',
  // Spreadsheets.
  '=HYPERLINK("http://127.0.0.1:9/x","click")',
  "+1+cmd|' /C calc'!A0",
  '-1+1',
  '@SUM(1)',
  '\t=1+1',
  '\r=1',
  ' =1',
  '＝1+1',
  // Markdown.
  '![p](http://127.0.0.1:9/track.png)',
  '[c](javascript:alert(1))',
  'www.example.org a@b.c',
  '`code` *em* ~~no~~ <b>',
  '# heading',
  '- item',
  // LaTeX.
  '\\input{/etc/passwd}\\write18{ls}',
  '$x_1^2%&#{}~',
  '[2cm]',
  '*',
  // HTML.
  `"><script>alert('x')</script><img src=x onerror=alert(1)>`,
  '</script><!--',
  // Objects, paths, formats, other scripts, length.
  '__proto__',
  'constructor',
  'toString',
  '../../../etc/passwd',
  '%s {value}',
  '中文 עברית ∑ € 👍',
  'x'.repeat(3000),
];

/** Every character that cannot be seen, line breaks among them. */
export function unseen(text: string): string[] {
  return text.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu) ?? [];
}
