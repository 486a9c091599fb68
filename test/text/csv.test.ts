import { describe, expect, it } from 'vitest';
import { csvField, csvLine } from '../../harness/text/csv.ts';
import { HOSTILE, unseen } from './hostile.ts';

describe('a field of a CSV file', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(1)', "'@SUM(1)"],
    ['\t=1+1', `"'\t'=1+1"`],
    ['a;=1+1', `"a;'=1+1"`],
    ['a; @SUM(1)', `"a; '@SUM(1)"`],
    ['a\tb\n-1', `"a\tb\n'-1"`],
    [' =1', "' =1"],
    ['＝1+1', "'＝1+1"],
    ['\r=1', `"'\n'=1"`],
  ])('%j, which a spreadsheet would compute, becomes the text %j', (text, field) => {
    expect(csvField(text)).toBe(field);
  });

  it('that is a number stays one', () => {
    expect(csvLine([-1.5, 0, 1e-7, Number.NEGATIVE_INFINITY, true, null, undefined])).toBe(
      '-1.5,0,1e-7,-Infinity,true,,',
    );
  });

  it('is quoted where it holds commas, quotes or line breaks (RFC 4180), or semicolons', () => {
    expect(csvField('a,b')).toBe('"a,b"');
    expect(csvField('a;b')).toBe('"a;b"');
    expect(csvField('say "x"')).toBe('"say ""x"""');
    expect(csvField('one\r\ntwo')).toBe('"one\ntwo"');
    expect(csvField('p2l')).toBe('p2l');
  });

  it('holds nothing unseen but line breaks and tabs', () => {
    const left = HOSTILE.flatMap((text) => unseen(csvField(text)));
    expect(new Set(left)).toEqual(new Set(['\n', '\t']));
  });
});
