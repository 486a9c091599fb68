import { existsSync } from 'node:fs';
import { PytorchFile } from '../networks/pytorch-file/pytorch-file.ts';
import type { WeightFile } from '../networks/weight-file.ts';
import { WeightFiles } from '../networks/weight-files.ts';

/** The tensors of an open file, or of all shards of a network. */
export type TensorFile = Pick<WeightFile, 'entries' | 'read' | 'close'>;

const SHARDS = '.index.json';

/**
 * Opens a safetensors or PyTorch file, or the shards that an .index.json lists.
 * @param section which state_dict of a PyTorch checkpoint that has several
 * @throws UserError for another kind of file, and for one that is missing or damaged
 */
export function openTensorFile(path: string, section?: string): TensorFile {
  if (section !== undefined && existsSync(path)) return new PytorchFile(path, section);
  const files = new WeightFiles(path.endsWith(SHARDS) ? path.slice(0, -SHARDS.length) : path);
  return {
    entries: files.entries,
    read: (name) => files.file(name).read(name),
    close: () => files.close(),
  };
}
