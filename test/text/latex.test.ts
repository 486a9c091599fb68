import { describe, expect, it } from 'vitest';
import { latexText } from '../../harness/text/latex.ts';
import { HOSTILE } from './hostile.ts';

describe('text in LaTeX', () => {
  it.each([
    ['\\', '\\textbackslash{}'],
    ['{', '\\{'],
    ['}', '\\}'],
    ['$', '\\$'],
    ['&', '\\&'],
    ['#', '\\#'],
    ['%', '\\%'],
    ['_', '\\_'],
    ['^', '\\textasciicircum{}'],
    ['~', '\\textasciitilde{}'],
    ['<', '\\textless{}'],
    ['>', '\\textgreater{}'],
    ['|', '\\textbar{}'],
    ['"', '{\\char34}'],
    ["'", "{'}"],
    ['`', '{`}'],
  ])('%s loses its meaning', (char, latex) => {
    expect(latexText(char)).toBe(latex);
    expect(latexText(`a${char}b`)).toBe(`a${latex}b`);
  });

  it('takes no text for the argument of the command before it', () => {
    expect(latexText('[2cm]')).toBe('{[}2cm{]}');
    expect(latexText('*')).toBe('{*}');
  });

  it('keeps dashes apart and lines together', () => {
    expect(latexText('a---b-c')).toBe('a-{}-{}-b-c');
    expect(latexText('one\n\ntwo')).toBe('one two');
  });

  it('sets accents and the signs of tables by commands', () => {
    expect(latexText('Müller, Dvořák, Łukasz, Ångström, naïve')).toBe(
      'M\\"{u}ller, Dvo\\v{r}\\\'{a}k, \\L{}ukasz, \\r{A}ngstr\\"{o}m, na\\"{i}ve',
    );
    expect(latexText('±2 ↑ Δ −1')).toBe('$\\pm$2 $\\uparrow$ $\\Delta$ $-$1');
  });

  it('writes out what usual fonts lack or nobody sees', () => {
    expect(latexText('中\u001b')).toBe('\\textbackslash{}u\\{4e2d\\}\\textbackslash{}u\\{1b\\}');
  });

  it('has no command but ours and nothing but ASCII', () => {
    const ours =
      /\\(?:text(?:backslash|less|greater|bar|asciicircum|asciitilde)\{\}|[{}$&#%_])|\{(?:\\char34|['`[\]*]|)\}/g;
    for (const text of HOSTILE)
      expect(latexText(text).replace(ours, '')).toMatch(/^[A-Za-z0-9 ,.:;!?()/+=@-]*$/);
  });
});
