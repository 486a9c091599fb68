import { describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { wordTokenizer, wordVocabulary } from '../../harness/networks/word-tokenizer.ts';

const vocabulary = wordVocabulary(['smiling', 'face', 'a', 'face']);
const tokenizer = wordTokenizer('vocab.json', vocabulary, 5);

it('a vocabulary is sorted; start and end come last, end highest', () => {
  expect(vocabulary).toEqual({ a: 0, face: 1, smiling: 2, '<|startoftext|>': 3, '<|endoftext|>': 4 });
});

it('texts become start, words, end, and are padded with end', () => {
  expect(tokenizer.encode(['a smiling face', ' Smiling\tFACE ', ''])).toEqual(
    Int32Array.of(3, 0, 2, 1, 4, /**/ 3, 2, 1, 4, 4, /**/ 3, 4, 4, 4, 4),
  );
});

describe('texts that it cannot represent', () => {
  it.each([
    [
      'a smilng face',
      `prompt "a smilng face": the prior does not know 'smilng'; the nearest word is 'smiling'`,
    ],
    ['constructor', `prompt "constructor": the prior does not know 'constructor'`],
    ['a a a a', `prompt "a a a a": it has 4 words; the prior takes 3`],
  ])('%s', (text, message) => {
    const encode = () => tokenizer.encode([text]);
    expect(encode).toThrow(UserError);
    expect(encode).toThrow(message);
  });

  it('an unknown word is the unknown token where the vocabulary has one', () => {
    const open = wordTokenizer('vocab.json', wordVocabulary(['a', '<|unk|>']), 4);
    expect(open.encode(['a bird'])).toEqual(Int32Array.of(2, 1, 0, 3));
  });
});

it.each([
  [{ a: 0, '<|endoftext|>': 1 }, "vocab.json: there is no '<|startoftext|>'"],
  [
    { '<|startoftext|>': 0, '<|endoftext|>': 1, a: 2 },
    "vocab.json: '<|endoftext|>' has id 1; it must have the highest",
  ],
])('a vocabulary must have both marks, end highest', (bad, message) => {
  expect(() => wordTokenizer('vocab.json', bad, 5)).toThrow(message);
});
