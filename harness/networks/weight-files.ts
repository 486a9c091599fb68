import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { readConfigFile } from './config-file.ts';
import { missingTensor } from './params.ts';
import type { TensorEntry } from './safetensors.ts';
import { openWeightFile, type WeightFile } from './weight-file.ts';

const INDEX = '.index.json';
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * The files of a network's weights: `path` itself, or the shards that `path`.index.json lists. Throws UserError where
 * there is neither, naming what lies there instead.
 */
export function weightFilePaths(path: string): string[] {
  if (existsSync(path) || !existsSync(path + INDEX)) {
    if (!existsSync(path)) throw noWeights(path);
    return [path];
  }
  return [...new Set(shardNames(path + INDEX).values())].map((name) => join(dirname(path), name));
}

function noWeights(path: string): UserError {
  const folder = dirname(path);
  const others = existsSync(folder)
    ? readdirSync(folder).filter((name) => /\.(safetensors|bin|pt|pth|ckpt)$/.test(name))
    : [];
  const hint = others.length > 0 ? `; the folder holds ${others.join(', ')}` : '';
  const convert = others.some((name) => !name.endsWith('.safetensors'))
    ? ' (`tweedie weights convert` makes safetensors of PyTorch files)'
    : '';
  return new UserError(`${path}: is not there, nor ${basename(path)}${INDEX}${hint}${convert}`);
}

/** Shard file of each tensor. */
function shardNames(indexPath: string): Map<string, string> {
  const { weight_map: map } = readConfigFile(indexPath, indexSchema);
  for (const [tensor, file] of Object.entries(map)) {
    if (basename(file) !== file)
      throw new UserError(
        `${indexPath}: weight_map: '${tensor}' lies in '${file}'; expected a file beside it`,
      );
  }
  return new Map(Object.entries(map));
}

/** Tensors of one network, whichever of its files they lie in. */
export class WeightFiles {
  readonly path: string;
  readonly files: readonly WeightFile[];
  readonly #place = new Map<string, WeightFile>();

  /** Throws UserError for files that are missing, damaged, or that do not hold what the index says. */
  constructor(path: string) {
    this.path = path;
    const open: WeightFile[] = [];
    this.files = open;
    try {
      for (const file of weightFilePaths(path)) {
        open.push(openWeightFile(file));
        this.#register(open.at(-1)!);
      }
      if (!existsSync(path)) this.#checkIndex(shardNames(path + INDEX));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #register(file: WeightFile): void {
    for (const name of file.entries.keys()) {
      const twice = this.#place.get(name);
      if (twice) throw new UserError(`tensor '${name}' lies in both ${twice.path} and ${file.path}`);
      this.#place.set(name, file);
    }
  }

  #checkIndex(shards: ReadonlyMap<string, string>): void {
    for (const [name, shard] of shards) {
      const file = this.file(name);
      if (basename(file.path) !== shard)
        throw new UserError(
          `${this.path}${INDEX}: tensor '${name}' should lie in ${shard}; it is in ${file.path}`,
        );
    }
  }

  /** Names, types and shapes of all tensors. */
  get entries(): ReadonlyMap<string, TensorEntry> {
    return new Map(this.files.flatMap(({ entries }) => [...entries]));
  }

  /** Bytes of all values. */
  get bytes(): number {
    return this.files.reduce((sum, file) => sum + file.dataBytes, 0);
  }

  /** The file that holds a tensor; throws UserError with the nearest name where none does. */
  file(name: string): WeightFile {
    const file = this.#place.get(name);
    if (!file) throw missingTensor(this.path, name, [...this.#place.keys()]);
    return file;
  }

  close(): void {
    for (const file of this.files) file.close();
  }
}
