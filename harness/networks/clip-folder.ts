import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { type ClipConfig, clipConfigSchema } from './clip-config.ts';
import { readConfigFile } from './config-file.ts';
import { openTokenizer } from './open-tokenizer.ts';
import { weightFilePaths } from './tensor-files.ts';
import type { Tokenizer } from './tokenizer.ts';

/** A CLIPModel's folder in transformers' layout: everything but the weights themselves. */
export interface ClipFolder {
  readonly config: ClipConfig;
  readonly tokenizer: Tokenizer;
  /** Path of the weights, which may lie in shards beside an index. */
  readonly weights: string;
}

/** Throws UserError for a folder that is no CLIPModel's, and where tokenizer and config do not belong together. */
export function readClipFolder(folder: string): ClipFolder {
  const configPath = join(folder, 'config.json');
  const config = readConfigFile(configPath, clipConfigSchema);
  const tokenizer = openTokenizer(folder);
  const { vocab_size: vocabulary, max_position_embeddings: positions } = config.text_config;
  if (tokenizer.highestId >= vocabulary || tokenizer.length > positions) {
    throw new UserError(
      `${configPath}: text_config takes ${positions} of ${vocabulary} tokens; the tokenizer beside it gives ` +
        `${tokenizer.length} of ${tokenizer.highestId + 1}`,
    );
  }
  return { config, tokenizer, weights: weightsOf(folder) };
}

/** Those of its files that change its numbers. Throws UserError where weights are missing. */
export function clipFolderFiles(folder: string): readonly string[] {
  return [
    ...['config.json', 'tokenizer_config.json', 'vocab.json'].map((name) => join(folder, name)),
    // A tokenizer of whole words has no merges; that of another is refused without them when it is opened.
    ...['merges.txt', 'special_tokens_map.json']
      .map((name) => join(folder, name))
      .filter((path) => existsSync(path)),
    ...weightFilePaths(weightsOf(folder)),
  ];
}

function weightsOf(folder: string): string {
  const names = ['model.safetensors', 'pytorch_model.bin'];
  const paths = names.map((name) => join(folder, name));
  return paths.find((path) => existsSync(path) || existsSync(`${path}.index.json`)) ?? paths[0]!;
}
