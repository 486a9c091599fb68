import { z } from 'zod';

/** Turns texts into a text encoder's token ids. */
export interface Tokenizer {
  /** Tokens of every text, start, end and padding included. */
  readonly length: number;
  /** Largest id that `encode` gives. */
  readonly highestId: number;
  /** Ids [B,L], row-major. Throws UserError for a text that the tokenizer cannot represent. */
  encode(texts: readonly string[]): Int32Array;
  /** The end of a text that has no place in `length` tokens and is not read; mostly ''. Throws UserError as `encode`. */
  leftOut(text: string): string;
}

/** Token to id. */
export type Vocabulary = Readonly<Record<string, number>>;

/** vocab.json. */
export const vocabularySchema = z.record(z.string(), z.number().int().nonnegative());

/** Far above any text encoder's positions; every prompt fills a row of so many. */
const MAX_LENGTH = 2 ** 16;
const lengthText = `expected a whole number from 2 to ${MAX_LENGTH}`;

/** model_max_length of tokenizer_config.json. */
export const textLengthSchema = z.number().int(lengthText).min(2, lengthText).max(MAX_LENGTH, lengthText);

/** The largest id. */
export function highestId(vocabulary: Vocabulary): number {
  return Object.values(vocabulary).reduce((most, id) => Math.max(most, id), 0);
}
