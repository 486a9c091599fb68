import { closeSync, readSync } from 'node:fs';
import { openForReading } from './open-for-reading.ts';
import { looksLikePytorch, MAGIC_BYTES } from './pytorch-file/archive.ts';
import { PytorchFile } from './pytorch-file/pytorch-file.ts';
import { SafetensorsFile } from './safetensors.ts';
import type { TensorData, TensorEntry } from './tensor-types.ts';

/** An open file of named tensors, in either format. */
export interface TensorFile {
  readonly path: string;
  /** Which of its dictionaries of tensors was asked for, if any was. */
  readonly section: string | undefined;
  /** Names, types and shapes of all tensors. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  /** Bytes of all values. */
  readonly dataBytes: number;
  /** Where the first byte of a tensor lies in the file; null where its values are not there one after the other. */
  offset(name: string): number | null;
  /** One tensor, row-major, as it was stored. */
  bytes(name: string): ArrayBuffer;
  /** One tensor in its own type, row-major; F16 and BF16 as float32. */
  read(name: string): TensorData;
  /** A tensor of floating-point numbers as float32, F64 rounded. Throws UserError for other types. */
  readFloat32(name: string): Float32Array;
  close(): void;
}

/**
 * Opens a PyTorch file, told by its first bytes, or else a safetensors file. Throws UserError for a damaged one.
 * @param section which dictionary of tensors, by the keys that lead to it with dots between (`model_ema`, `ema.shadow`); or
 *   what names begin with
 */
export function openTensorFile(path: string, section?: string): TensorFile {
  return looksLikePytorch(firstBytes(path))
    ? new PytorchFile(path, section)
    : new SafetensorsFile(path, section);
}

function firstBytes(path: string): Buffer {
  const fd = openForReading(path);
  try {
    const bytes = Buffer.alloc(MAGIC_BYTES);
    return bytes.subarray(0, readSync(fd, bytes, 0, MAGIC_BYTES, 0));
  } finally {
    closeSync(fd);
  }
}
