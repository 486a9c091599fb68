import { TensorFiles } from '../networks/tensor-files.ts';

const SHARDS = '.index.json';

/**
 * Opens a safetensors or PyTorch file, or the shards that an .index.json lists.
 * @param section which dictionary of tensors of a file that has several: see `openTensorFile`
 * @throws UserError for another kind of file, and for one that is missing or damaged
 */
export function openTensors(path: string, section?: string): TensorFiles {
  return new TensorFiles(path.endsWith(SHARDS) ? path.slice(0, -SHARDS.length) : path, section);
}
