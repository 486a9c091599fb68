import { expect, it } from 'vitest';
import { jsonText } from '../../harness/text/json.ts';
import { HOSTILE, unseen } from './hostile.ts';

it('JSON shows every character and means the same', () => {
  expect(jsonText({ '\u009b': '\u202e \u{e0041}' })).toBe('{"\\u009b":"\\u202e \\udb40\\udc41"}');
  const text = jsonText({ names: HOSTILE }, 2);
  expect(unseen(text).filter((char) => char !== '\n')).toEqual([]);
  expect(JSON.parse(text)).toEqual({ names: HOSTILE });
});
