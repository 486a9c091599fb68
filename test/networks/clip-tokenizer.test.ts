import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { type ClipTokenizer, clipTokenizer } from '../../harness/networks/clip-tokenizer.ts';
import { clipTokenizerFromVocabulary } from '../../harness/networks/clip-tokenizer-files.ts';
import { openTokenizer } from '../../harness/networks/open-tokenizer.ts';
import { CLIP_TOKENS, writeTinyClipTokenizer } from '../support/tiny-clip-tokenizer.ts';

const names = (tokenizer: ClipTokenizer, text: string) => tokenizer.ids(text).map((id) => CLIP_TOKENS[id]);

describe('CLIP tokens', () => {
  const vocabulary = Object.fromEntries(CLIP_TOKENS.map((token, id) => [token, id]));
  const merges = ['c a', 'ca t</w>', "' s</w>", 't h', 'th e</w>'];
  const tokenizer = clipTokenizer('tiny', { vocabulary, merges, length: 8, pad: '<|endoftext|>' });
  const tokens = (text: string) => names(tokenizer, text).slice(1, -1);

  it('stand between start and end', () => {
    expect(names(tokenizer, 'cat')).toEqual(['<|startoftext|>', 'cat</w>', '<|endoftext|>']);
    expect(names(tokenizer, '')).toEqual(['<|startoftext|>', '<|endoftext|>']);
  });

  it('ignore case and white space', () => {
    expect(tokens('  The\tCAT\u00a0\n')).toEqual(['the</w>', 'cat</w>']);
  });

  it('split words, single digits and runs of signs, and English endings', () => {
    expect(tokens("cat's 12?!")).toEqual(['cat</w>', "'s</w>", '1</w>', '2</w>', '?', '!</w>']);
  });

  it('spell what the vocabulary does not know in bytes, the last of them closing the word', () => {
    expect(tokens('é')).toEqual(['Ã', '©</w>']);
    expect(tokens('e\u0301')).toEqual(['Ã', '©</w>']);
  });

  it('keep a byte order mark with the signs around it, as it is no white space', () => {
    expect(tokens('!\ufeff!')).toEqual(['!', 'ï', '»', '¿', '!</w>']);
  });

  it('turn a capital sigma into the same letter at the end of a word as within', () => {
    expect(tokens('ΣΣ')).toEqual(['Ï', 'ĥ', 'Ï', 'ĥ</w>']);
  });

  it('of a special token are that token, in any case', () => {
    expect(tokens('cat<|ENDOFTEXT|>cat')).toEqual(['cat</w>', '<|endoftext|>', 'cat</w>']);
  });

  it('beyond the length are cut, and the last is the end', () => {
    expect(names(tokenizer, 'cat cat cat cat cat cat cat cat').slice(-2)).toEqual([
      'cat</w>',
      '<|endoftext|>',
    ]);
    expect(tokenizer.ids('cat '.repeat(90))).toHaveLength(8);
  });

  it('are padded in batches', () => {
    const [start, cat, end] = tokenizer.ids('cat');
    expect([...tokenizer.encode(['cat', ''])]).toEqual([
      ...[start, cat, end, end, end, end, end, end],
      ...[start, end, end, end, end, end, end, end],
    ]);
  });
});

describe('a tokenizer folder', () => {
  it('is opened by its class', () => {
    const tokenizer = openTokenizer(writeTinyClipTokenizer());
    expect(tokenizer).toMatchObject({ length: 8, highestId: CLIP_TOKENS.length - 1 });
    expect([...tokenizer.encode(['cat'])].map((id) => CLIP_TOKENS[id])).toEqual([
      ...['<|startoftext|>', 'cat</w>', '<|endoftext|>'],
      ...Array<string>(5).fill('<|endoftext|>'),
    ]);
  });

  it("pads with special_tokens_map.json's token where tokenizer_config.json differs, as SD 2.x's do", () => {
    const folder = writeTinyClipTokenizer({
      'tokenizer_config.json': { pad_token: '<|endoftext|>' },
      'special_tokens_map.json': { pad_token: '!' },
    });
    expect(openTokenizer(folder).encode(['cat']).slice(3)).toEqual(new Int32Array(5));
  });

  it('needs no special_tokens_map.json', () => {
    const folder = writeTinyClipTokenizer();
    rmSync(join(folder, 'special_tokens_map.json'));
    expect(openTokenizer(folder).encode([''])[2]).toBe(CLIP_TOKENS.indexOf('<|endoftext|>'));
  });

  it.each([
    [
      'another class',
      { tokenizer_class: 'BertTokenizer' },
      'tokenizer_config.json: tokenizer_class: found "BertTokenizer"',
    ],
    ['another start', { bos_token: '<s>' }, 'tokenizer_config.json: bos_token: found "<s>"'],
    ['no length', { model_max_length: undefined }, 'tokenizer_config.json: model_max_length: found nothing'],
    [
      'more tokens than any text has',
      { model_max_length: 2147483648 },
      'tokenizer_config.json: model_max_length: found 2147483648; expected a whole number from 2 to 65536',
    ],
    [
      'a padding token by the name of an object property',
      { pad_token: 'constructor' },
      "vocab.json: there is no token 'constructor'",
    ],
    ['an unknown padding token', { pad_token: '<pad>' }, "vocab.json: there is no token '<pad>'"],
  ])('with %s is refused', (_, change, message) => {
    const folder = writeTinyClipTokenizer({ 'tokenizer_config.json': change, 'special_tokens_map.json': {} });
    expect(() => openTokenizer(folder)).toThrow(UserError);
    expect(() => openTokenizer(folder)).toThrow(`${folder}/${message}`);
  });

  it('with a merge of three tokens is refused', () => {
    const folder = writeTinyClipTokenizer();
    writeFileSync(join(folder, 'merges.txt'), '#version: 0.2\nc a\nc a t\n');
    expect(() => openTokenizer(folder)).toThrow(
      `${folder}/merges.txt: found 'c a t'; expected two tokens a line`,
    );
  });
});

describe("openai/CLIP's vocabulary file", () => {
  it.each([
    ['is missing', null, 'expected a file, found nothing'],
    ['is not packed', Buffer.from('c a\n'), 'is not a gzip file'],
    [
      'unpacks to more than any vocabulary',
      gzipSync(Buffer.alloc(2 ** 24 + 1)),
      'unpacks to more than 16777216 bytes: it is no vocabulary of CLIP',
    ],
    ['is too short', gzipSync('header\nc a\n'), 'found 1 merges; the vocabulary of openai/CLIP has 48894'],
  ])('that %s is refused', (_, bytes, message) => {
    const path = join(mkdtempSync(join(tmpdir(), 'tweedie-bpe-')), 'bpe.txt.gz');
    if (bytes) writeFileSync(path, bytes);
    expect(() => clipTokenizerFromVocabulary(path)).toThrow(UserError);
    expect(() => clipTokenizerFromVocabulary(path)).toThrow(`${path}: ${message}`);
  });
});

describe("the reference's texts", () => {
  const folder = fileURLToPath(new URL('../fixtures/03-clip-tokenizer/', import.meta.url));
  const tokenizer = openTokenizer(folder);
  const cases: { text: string; ids: number[] }[] = JSON.parse(
    readFileSync(join(folder, 'cases.json'), 'utf8'),
  );

  it.each(cases)('$text', ({ text, ids }) => {
    const row = new Int32Array(77).fill(49_407);
    row.set(ids);
    expect(tokenizer.encode([text])).toEqual(row);
  });

  it('are 76', () => {
    expect(cases).toHaveLength(76);
  });
});
