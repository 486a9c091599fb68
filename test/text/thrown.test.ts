import { describe, expect, it } from 'vitest';
import { describeThrown } from '../../harness/text/thrown.ts';

const hostile = (key: 'message' | 'stack') =>
  Object.defineProperty(new Error('outer'), key, {
    get: () => {
      throw new Error('inner');
    },
  });
const named = (name: string) => Object.assign(new Error(''), { name });

describe('whatever a solver throws, its row says it in one line:', () => {
  it.each([
    ['an error', new Error('no such thing'), 'no such thing'],
    ['all lines, their breaks written out', new Error('\n \nline 1\r\nline 2\n'), 'line 1\\r\\nline 2'],
    ['a string of several lines', 'line 1\nline 2', 'line 1\\nline 2'],
    ['only white space', ' \n ', 'an empty string was thrown'],
    ['what would steer a terminal', new Error('a\u001b[2J'), 'a\\u{1b}[2J'],
    ['a string', 'just a string', 'just a string'],
    ['an empty string', '', 'an empty string was thrown'],
    ['null', null, 'null was thrown, which is no error'],
    ['undefined', undefined, 'undefined was thrown, which is no error'],
    ['an object', { code: 3 }, '{ code: 3 } was thrown, which is no error'],
    ['an error without a message', new Error(''), 'Error was thrown without a message'],
    ['one of its own class', named('Odd'), 'Odd was thrown without a message'],
    ['one without even a name', named(''), 'an error was thrown without a message'],
    ['a message that is no text', Object.assign(new Error('a'), { message: 42 }), '42'],
    ['a message that throws', hostile('message'), 'an error was thrown whose message cannot be read'],
    ['a stack that throws', hostile('stack'), 'outer'],
    ['NUL, at which SQLite would end the text', new Error('a\0b'), 'a␀b'],
    ['half of a surrogate pair', new Error('a\ud83d'), 'a\ufffd'],
  ])('%s', (_, thrown, message) => {
    expect(describeThrown(thrown).message).toBe(message);
  });

  it('cut where it is long, as its stack is', () => {
    const { message, stack } = describeThrown(new Error('x'.repeat(5e6)));
    expect(message).toBe(`${'x'.repeat(3999)}…`);
    expect(stack).toHaveLength(8000);
    expect(stack).toContain('thrown.test.ts');
  });
});
