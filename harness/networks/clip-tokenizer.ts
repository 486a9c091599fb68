/**
 * CLIP's byte-pair tokenizer as transformers' CLIPTokenizerFast computes it: NFC, white space, lower case, CLIP's split,
 * byte-level pairs. openai/CLIP and the slow tokenizer run ftfy first, which differs on texts with HTML entities, curly
 * quotes, ligatures, full-width letters, control characters and wrongly decoded bytes.
 */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { UserError } from '../errors.ts';
import { shown } from './shown.ts';
import { highestId, type Tokenizer, type Vocabulary } from './tokenizer.ts';

export interface ClipTokenizer extends Tokenizer {
  /** Start, tokens, end of one text, without padding; a long text is cut to `length` ids, the last of them the end. */
  ids(text: string): readonly number[];
}

export const START = '<|startoftext|>';
export const END = '<|endoftext|>';
/** CLIP's pattern; of white space only single spaces are left by then. */
const SPLIT =
  "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^ \\p{L}\\p{N}]+";

/** What makes one CLIP tokenizer differ from another. */
export interface ClipVocabulary {
  readonly vocabulary: Vocabulary;
  /** `left right`, in order of preference. */
  readonly merges: readonly string[];
  /** Ids of a row, the text encoder's positions. */
  readonly length: number;
  /** Token that fills a row: the end token in SD 1.x, '!' in SD 2.x. */
  readonly pad: string;
}

/** @param source names the vocabulary in errors */
export function clipTokenizer(
  source: string,
  { vocabulary, merges, length, pad }: ClipVocabulary,
): ClipTokenizer {
  const idOf = (token: string): number => {
    if (!Object.hasOwn(vocabulary, token))
      throw new UserError(`${source}: there is no token '${shown(token)}'`);
    return vocabulary[token]!;
  };
  const [start, end, padId] = [idOf(START), idOf(END), idOf(pad)];
  const bpe = new HuggingFaceTokenizer(
    {
      added_tokens: [START, END].map((content) => ({ id: idOf(content), content, special: true })),
      normalizer: null,
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex: SPLIT }, behavior: 'Removed', invert: true },
          { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
        ],
      },
      post_processor: null,
      decoder: { type: 'ByteLevel' },
      model: { type: 'BPE', unk_token: END, end_of_word_suffix: '</w>', vocab: vocabulary, merges },
    },
    {},
  );
  const tokens = (text: string): readonly number[] => bpe.encode(normalise(text)).ids;
  const room = length - 2;
  const ids = (text: string): readonly number[] => [start, ...tokens(text).slice(0, room), end];
  return {
    length,
    highestId: highestId(vocabulary),
    ids,
    leftOut(text) {
      const rest = tokens(text).slice(room);
      return rest.length === 0
        ? ''
        : bpe
            .decode([...rest])
            .replaceAll('</w>', ' ')
            .trim();
    },
    encode(texts) {
      const rows = new Int32Array(texts.length * length).fill(padId);
      texts.forEach((text, row) => {
        rows.set(ids(text), row * length);
      });
      return rows;
    },
  };
}

/** Letter by letter, since lower case of a whole text ends words in another sigma. */
function normalise(text: string): string {
  return Array.from(text.normalize('NFC').replace(/\p{White_Space}+/gu, ' '), (letter) =>
    letter.toLowerCase(),
  ).join('');
}
