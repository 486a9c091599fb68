import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { requireRegularFile } from '../regular-file.ts';
import { readConfigFile } from './config-file.ts';
import { missingTensor } from './params.ts';
import { listed, shown } from './shown.ts';
import { openTensorFile, type TensorFile } from './tensor-file.ts';
import type { TensorData, TensorEntry } from './tensor-types.ts';

const INDEX = '.index.json';
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * The files of a network's weights: `path` itself, or the shards that its index lists. Throws UserError where there is
 * neither, naming what lies there instead.
 */
export function weightFilePaths(path: string): string[] {
  if (existsSync(path)) return [path];
  const index = indexOf(path);
  if (index === undefined) throw noWeights(path);
  return [...new Set(shardNames(index).values())].map((name) => join(dirname(path), name));
}

/** Whether a network's weights are there, whole or in shards. */
export function hasWeights(path: string): boolean {
  return existsSync(path) || indexOf(path) !== undefined;
}

/** The list of shards: `X.safetensors.index.json`; of `X.fp16.safetensors` also `X.safetensors.index.fp16.json`. */
function indexOf(path: string): string | undefined {
  const variant = path.replace(/\.([^./]+)\.safetensors$/, '.safetensors.index.$1.json');
  return [path + INDEX, ...(variant === path ? [] : [variant])].find((index) => existsSync(index));
}

function noWeights(path: string): UserError {
  // A link that leads nowhere is there for a folder's listing, and not for who opens it.
  if (lstatSync(path, { throwIfNoEntry: false })) requireRegularFile(path);
  const folder = dirname(path);
  const others = statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(folder).filter((name) => /\.(safetensors|bin|pt|pth|ckpt)$/.test(name))
    : [];
  const hint = others.length > 0 ? `; the folder holds ${listed(others)}` : '';
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
        `${indexPath}: weight_map: '${shown(tensor)}' lies in '${shown(file)}'; expected a file beside it`,
      );
  }
  return new Map(Object.entries(map));
}

/** Tensors of one network, whichever of its files they lie in. */
export class TensorFiles {
  readonly path: string;
  readonly files: readonly TensorFile[];
  /** Names, types and shapes of all tensors. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly #place = new Map<string, TensorFile>();

  /**
   * @param section of the one file that it is: see `openTensorFile`
   * @throws UserError for files that are missing, damaged, or that do not hold what the index says
   */
  constructor(path: string, section?: string) {
    this.path = path;
    const open: TensorFile[] = [];
    this.files = open;
    try {
      const paths = weightFilePaths(path);
      const index = existsSync(path) ? undefined : indexOf(path);
      if (index !== undefined && section !== undefined)
        throw new UserError(
          `${index}: section: only one file has sections; \`tweedie weights convert\` joins the shards`,
        );
      for (const file of paths) {
        open.push(openTensorFile(file, section));
        this.#register(open.at(-1)!);
      }
      if (index !== undefined) this.#checkIndex(index);
      this.entries = new Map(open.flatMap(({ entries }) => [...entries]));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #register(file: TensorFile): void {
    for (const name of file.entries.keys()) {
      const twice = this.#place.get(name);
      if (twice) throw new UserError(`tensor '${shown(name)}' lies in both ${twice.path} and ${file.path}`);
      this.#place.set(name, file);
    }
  }

  #checkIndex(index: string): void {
    for (const [name, shard] of shardNames(index)) {
      const file = this.file(name);
      if (basename(file.path) !== shard)
        throw new UserError(
          `${index}: tensor '${shown(name)}' should lie in ${shard}; it is in ${file.path}`,
        );
    }
  }

  /** Bytes of all values. */
  get dataBytes(): number {
    return this.files.reduce((sum, file) => sum + file.dataBytes, 0);
  }

  /** The file that holds a tensor; throws UserError with the nearest name where none does. */
  file(name: string): TensorFile {
    const file = this.#place.get(name);
    if (!file) throw missingTensor(this.path, name, [...this.#place.keys()]);
    return file;
  }

  /** See `TensorFile`. */
  bytes(name: string): ArrayBuffer {
    return this.file(name).bytes(name);
  }

  /** See `TensorFile`. */
  read(name: string): TensorData {
    return this.file(name).read(name);
  }

  close(): void {
    for (const file of this.files) file.close();
  }
}
