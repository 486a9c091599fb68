import { join } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { readConfigFile } from './config-file.ts';
import {
  highestId,
  type Tokenizer,
  textLengthSchema,
  type Vocabulary,
  vocabularySchema,
} from './tokenizer.ts';

const START = '<|startoftext|>';
const END = '<|endoftext|>';
const UNKNOWN = '<|unk|>';

/** Ids in alphabetical order; the end token last, since CLIP pools at the highest id. */
export function wordVocabulary(words: Iterable<string>): Vocabulary {
  const sorted = [...new Set(words)].sort();
  return Object.fromEntries([...sorted, START, END].map((word, id) => [word, id]));
}

/**
 * A tokenizer in CLIP's frame (start, words, end, padded with end) whose tokens are whole lower-case words.
 * @param source names the vocabulary in errors
 * @param length tokens of a text; at most length - 2 words
 * @param reader names in errors what reads the text
 */
export function wordTokenizer(
  source: string,
  vocabulary: Vocabulary,
  length: number,
  reader = 'the prior',
): Tokenizer {
  const ids = new Map(Object.entries(vocabulary));
  const words = [...ids.keys()].filter((word) => !word.startsWith('<|'));
  const [start, end] = [START, END].map((token) => {
    const id = ids.get(token);
    if (id === undefined) throw new UserError(`${source}: there is no '${token}'`);
    return id;
  }) as [number, number];
  if (highestId(vocabulary) > end) {
    throw new UserError(`${source}: '${END}' has id ${end}; it must have the highest`);
  }

  const idOf = (word: string, text: string): number => {
    const id = ids.get(word) ?? ids.get(UNKNOWN);
    if (id !== undefined) return id;
    throw new UserError(
      `prompt "${text}": ${reader} does not know '${word}'; the nearest word is '${closest(word, words)}'`,
    );
  };

  const idsOf = (text: string): number[] => {
    const tokens = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (tokens.length > length - 2) {
      throw new UserError(`prompt "${text}": it has ${tokens.length} words; ${reader} takes ${length - 2}`);
    }
    return [start, ...tokens.map((word) => idOf(word, text))];
  };

  return {
    length,
    highestId: end,
    encode(texts) {
      const rows = new Int32Array(texts.length * length).fill(end);
      texts.forEach((text, row) => {
        rows.set(idsOf(text), row * length);
      });
      return rows;
    },
    leftOut(text) {
      idsOf(text);
      return '';
    },
  };
}

const configSchema = z.object({
  tokenizer_class: z.literal('WordTokenizer'),
  model_max_length: textLengthSchema,
});

/** Opens tokenizer/ of a prior's folder. Throws UserError for files that are missing or another tokenizer's. */
export function openWordTokenizer(folder: string, reader?: string): Tokenizer {
  const { model_max_length } = readConfigFile(join(folder, 'tokenizer_config.json'), configSchema);
  const path = join(folder, 'vocab.json');
  return wordTokenizer(path, readConfigFile(path, vocabularySchema), model_max_length, reader);
}
