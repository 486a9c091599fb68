/** A CLIP tokenizer of every byte and a few merges, as a tokenizer folder. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes that print, the stand-ins of the others, both also at the end of a word; merged tokens; start and end. */
const BYTES = [...range(33, 126), ...range(161, 172), ...range(174, 255), ...range(256, 256 + 67)].map(
  (code) => String.fromCharCode(code),
);
const MERGES = ['c a', 'ca t</w>', "' s</w>", 't h', 'th e</w>'];

/** By id. */
export const CLIP_TOKENS: readonly string[] = [
  ...BYTES,
  ...BYTES.map((byte) => `${byte}</w>`),
  ...MERGES.map((merge) => merge.replace(' ', '')),
  '<|startoftext|>',
  '<|endoftext|>',
];

/** Writes the folder (texts of 8 tokens) and returns its path; `changes` replace keys of its JSON files. */
export function writeTinyClipTokenizer(
  changes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
  folder: string = mkdtempSync(join(tmpdir(), 'tweedie-tokenizer-')),
): string {
  mkdirSync(folder, { recursive: true });
  const json = (name: string, content: object) =>
    writeFileSync(join(folder, name), JSON.stringify({ ...content, ...changes[name] }));
  json('tokenizer_config.json', {
    tokenizer_class: 'CLIPTokenizer',
    model_max_length: 8,
    bos_token: { __type: 'AddedToken', content: '<|startoftext|>' },
    eos_token: { __type: 'AddedToken', content: '<|endoftext|>' },
    pad_token: '<|endoftext|>',
  });
  json('special_tokens_map.json', {});
  json('vocab.json', Object.fromEntries(CLIP_TOKENS.map((token, id) => [token, id])));
  writeFileSync(join(folder, 'merges.txt'), `#version: 0.2\n${MERGES.join('\n')}\n`);
  return folder;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
