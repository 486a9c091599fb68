import { existsSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { PytorchFile } from '../networks/pytorch-file/pytorch-file.ts';
import { SafetensorsFile, type TensorData, type TensorEntry } from '../networks/safetensors.ts';
import { WeightFiles } from '../networks/weight-files.ts';

/** An open file of named tensors, whatever its format, or all shards of one network. */
export interface TensorFile {
  readonly entries: ReadonlyMap<string, TensorEntry>;
  /** One tensor in its own type, row-major; F16 and BF16 as float32. Throws UserError for a type that is not read. */
  read(name: string): TensorData;
  close(): void;
}

const SHARDS = '.index.json';

/**
 * Opens .safetensors, the shards that a .safetensors.index.json lists, or a PyTorch file (.pt, .pth, .ckpt, .bin).
 * @param section which state_dict of a PyTorch checkpoint that has several
 * @throws UserError for another kind of file, and for one that is missing or damaged
 */
export function openTensorFile(path: string, section?: string): TensorFile {
  const network = path.endsWith(`.safetensors${SHARDS}`) ? path.slice(0, -SHARDS.length) : path;
  if (/\.(pt|pth|ckpt|bin)$/.test(path)) return new PytorchFile(path, section);
  if (section !== undefined) throw new UserError(`${path}: has no sections; only PyTorch files do`);
  if (!network.endsWith('.safetensors')) {
    const reason = existsSync(path) ? 'is not a file of tensors by its name' : 'no such file';
    throw new UserError(
      `${path}: ${reason}; expected .safetensors, .safetensors.index.json, .pt, .pth, .ckpt or .bin`,
    );
  }
  return network === path && existsSync(path) ? new SafetensorsFile(path) : sharded(network);
}

function sharded(path: string): TensorFile {
  const files = new WeightFiles(path);
  return {
    entries: new Map(files.names.map((name) => [name, files.entry(name)])),
    read: (name) => files.file(name).read(name),
    close: () => files.close(),
  };
}
