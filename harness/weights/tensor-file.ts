import type { WeightFile } from '../networks/weight-file.ts';
import { WeightFiles } from '../networks/weight-files.ts';

/** The tensors of an open file, or of all shards of a network. */
export type TensorFile = Pick<WeightFile, 'entries' | 'read' | 'bytes' | 'close'>;

const SHARDS = '.index.json';

/**
 * Opens a safetensors or PyTorch file, or the shards that an .index.json lists.
 * @param section which dictionary of tensors of a file that has several: see `openWeightFile`
 * @throws UserError for another kind of file, and for one that is missing or damaged
 */
export function openTensorFile(path: string, section?: string): TensorFile {
  const files = new WeightFiles(path.endsWith(SHARDS) ? path.slice(0, -SHARDS.length) : path, section);
  return {
    entries: files.entries,
    read: (name) => files.file(name).read(name),
    bytes: (name) => files.file(name).bytes(name),
    close: () => files.close(),
  };
}
