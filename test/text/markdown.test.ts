import { describe, expect, it } from 'vitest';
import { markdownText } from '../../harness/text/markdown.ts';
import { HOSTILE, unseen } from './hostile.ts';

describe('text in Markdown', () => {
  it.each([
    ['![p](http://x/t.png)', '!\\[p\\](http:<!-- -->//x/t.png)'],
    ['<script>&amp;', '\\<script\\>\\&amp;'],
    ['a | b \\| c', 'a \\| b \\\\\\| c'],
    ['`code` *em* __x__ ~~no~~ $1$ #7', '\\`code\\` \\*em\\* \\_\\_x\\_\\_ \\~\\~no\\~\\~ \\$1\\$ \\#7'],
    ['www.example.org a@b.c', 'www<!-- -->.example.org a@<!-- -->b.c'],
    ['one\n\n- two', 'one - two'],
    ['\u001b[1m', '\\\\u{1b}\\[1m'],
  ])('%j becomes %j', (text, markdown) => {
    expect(markdownText(text)).toBe(markdown);
  });

  it('is one line in which every character is seen', () => {
    expect(HOSTILE.flatMap((text) => unseen(markdownText(text)))).toEqual([]);
  });
});
