import { closeSync, readSync } from 'node:fs';
import { openForReading } from './open-for-reading.ts';
import { looksLikePytorch, MAGIC_BYTES } from './pytorch-file/archive.ts';
import { PytorchFile } from './pytorch-file/pytorch-file.ts';
import { SafetensorsFile, type TensorData, type TensorEntry } from './safetensors.ts';

/** An open file of named tensors, in either format. */
export interface WeightFile {
  readonly path: string;
  /** Names, types and shapes of all tensors. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  /** Bytes of all values. */
  readonly dataBytes: number;
  /** Where the first byte of a tensor lies in the file; null where its values are not there one after the other. */
  offset(name: string): number | null;
  /** One tensor in its own type, row-major; F16 and BF16 as float32. */
  read(name: string): TensorData;
  /** A tensor of floating-point numbers as float32. Throws UserError for F64 and integers. */
  readFloat32(name: string): Float32Array;
  close(): void;
}

/** Opens a PyTorch file, told by its first bytes, or else a safetensors file. Throws UserError for a damaged one. */
export function openWeightFile(path: string): WeightFile {
  return looksLikePytorch(firstBytes(path)) ? new PytorchFile(path) : new SafetensorsFile(path);
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
