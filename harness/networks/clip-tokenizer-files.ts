/** The two forms in which CLIP's vocabulary is handed around: a tokenizer folder, and openai/CLIP's own file. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { type ClipTokenizer, clipTokenizer, END, START } from './clip-tokenizer.ts';
import { readBytes, readConfigFile } from './config-file.ts';
import { shown } from './shown.ts';
import { textLengthSchema, vocabularySchema } from './tokenizer.ts';

const tokenSchema = z.union([
  z.string(),
  z.object({ content: z.string() }).transform(({ content }) => content),
]);
const tokenizerConfigSchema = z.object({
  tokenizer_class: z.enum(['CLIPTokenizer', 'CLIPTokenizerFast']),
  model_max_length: textLengthSchema,
  bos_token: tokenSchema.pipe(z.literal(START)).default(START),
  eos_token: tokenSchema.pipe(z.literal(END)).default(END),
  pad_token: tokenSchema.default(END),
});
const specialTokensSchema = z.object({ pad_token: tokenSchema.optional() });

/**
 * Opens tokenizer/ of a diffusers folder: vocab.json, merges.txt, tokenizer_config.json, and where there is one
 * special_tokens_map.json, whose padding token counts, as in transformers: in SD 2.x the two differ. Throws UserError.
 */
export function openClipTokenizer(folder: string): ClipTokenizer {
  const config = readConfigFile(join(folder, 'tokenizer_config.json'), tokenizerConfigSchema);
  const specialTokens = join(folder, 'special_tokens_map.json');
  const special = existsSync(specialTokens) ? readConfigFile(specialTokens, specialTokensSchema) : {};
  const vocabulary = join(folder, 'vocab.json');
  const merges = join(folder, 'merges.txt');
  return clipTokenizer(vocabulary, {
    vocabulary: readConfigFile(vocabulary, vocabularySchema),
    merges: readMerges(merges, readBytes(merges)),
    length: config.model_max_length,
    pad: special.pad_token ?? config.pad_token,
  });
}

/** How many of its file's merges openai/CLIP takes: with 256 bytes, in and at the end of a word, start and end 49,408. */
const MERGES = 49_408 - 2 * 256 - 2;

/** The file itself unpacks to 3 MB. */
const MAX_UNPACKED_BYTES = 2 ** 24;

/** Opens openai/CLIP's bpe_simple_vocab_16e6.txt.gz. Throws UserError for a file that is missing or another one. */
export function clipTokenizerFromVocabulary(path: string, { length = 77, pad = END } = {}): ClipTokenizer {
  const merges = readMerges(path, unpack(path), MERGES);
  if (merges.length < MERGES) {
    throw new UserError(
      `${path}: found ${merges.length} merges; the vocabulary of openai/CLIP has ${MERGES}`,
    );
  }
  const bytes = byteCharacters();
  const tokens = [
    ...bytes,
    ...bytes.map((byte) => `${byte}</w>`),
    ...merges.map((pair) => pair.replace(' ', '')),
    START,
    END,
  ];
  const vocabulary = Object.fromEntries(tokens.map((token, id) => [token, id]));
  return clipTokenizer(path, { vocabulary, merges, length, pad });
}

/** The lines after the header, at most so many. */
function readMerges(path: string, bytes: Buffer, most?: number): string[] {
  const lines = bytes.toString('utf8').split(/\r?\n/);
  const merges = lines.filter((line, i) => i > 0 && line !== '').slice(0, most);
  const wrong = merges.find((line) => line.split(' ').length !== 2);
  if (wrong === undefined) return merges;
  throw new UserError(
    `${path}: found '${shown(wrong.slice(0, 40))}'; expected two tokens a line, after a header line`,
  );
}

/** The characters that stand for the bytes, printable ones for themselves, in the order of their ids. */
function byteCharacters(): string[] {
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  const all = Array.from({ length: 256 }, (_, byte) => byte);
  const others = all.filter((byte) => !printable(byte));
  return [...all.filter(printable), ...others.map((_, i) => 256 + i)].map((code) =>
    String.fromCharCode(code),
  );
}

function unpack(path: string): Buffer {
  const packed = readBytes(path);
  try {
    return gunzipSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what =
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `unpacks to more than ${MAX_UNPACKED_BYTES} bytes: it is no vocabulary of CLIP`
        : 'is not a gzip file';
    throw new UserError(`${path}: ${what}`);
  }
}
