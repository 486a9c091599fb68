import { describe, expect, it } from 'vitest';
import { printable, printableLayout } from '../../harness/text/terminal.ts';
import { HOSTILE, unseen } from './hostile.ts';

describe('text in a terminal', () => {
  it.each([
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['line1\n\tline2\r', 'line1\\n\\tline2\\r'],
    ['\u202egnp.exe', '\\u{202e}gnp.exe'],
    ['nul\u0000name', 'nul\\u{0}name'],
    ['half \ud800', 'half \\u{d800}'],
    ['中文 עברית 👍 C:\\new', '中文 עברית 👍 C:\\new'],
    ['👩‍👩‍👧 👩🏽‍🚀 ❤️‍🔥', '👩‍👩‍👧 👩🏽‍🚀 ❤️‍🔥'],
    ['a\u200db \u200d👍 👍\u200d', 'a\\u{200d}b \\u{200d}👍 👍\\u{200d}'],
  ])('%j shows as %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('holds nothing unseen, whatever it was', () => {
    expect(HOSTILE.flatMap((text) => unseen(printable(text)))).toEqual([]);
  });

  it('loses its middle where it is too long, since names differ at their ends', () => {
    expect(printable('super-resolution-8', 9)).toBe('supe…on-8');
    expect(printable('short', 9)).toBe('short');
    expect(printable('👍'.repeat(30), 5)).toBe('👍👍…👍👍');
  });
});

describe('a layout of our own', () => {
  it('keeps its line breaks, bold and underlined, and nothing else', () => {
    const marked = '\u001b[1mbest\u001b[22m\n\u001b[4msecond\u001b[24m';
    expect(printableLayout(marked)).toBe(marked);
    expect(printableLayout('a\u001b[31m\tb\u001b[1;31m\u009b1m')).toBe(
      'a\\u{1b}[31m\\tb\\u{1b}[1;31m\\u{9b}1m',
    );
  });
});
