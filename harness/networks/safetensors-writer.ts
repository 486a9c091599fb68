import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { sizeOf } from '../engine/shape.ts';
import { replaceFile } from '../write-file.ts';
import { ITEM_BYTES, type TensorType } from './tensor-types.ts';

/** A tensor to be written. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array | Uint8Array;
}

/** A tensor that will be written: its bytes are asked for when their turn comes. */
export interface PromisedTensor {
  readonly name: string;
  readonly dtype: TensorType;
  readonly shape: readonly number[];
  /** Little-endian, row-major. */
  bytes(): Uint8Array;
}

/** Writes a file under a temporary name and renames it, so that a reader never sees half of it. */
export function writeSafetensors(
  path: string,
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): void {
  const promised = tensors.map(({ name, shape, data }) => {
    if (sizeOf(shape) !== data.length) {
      throw new Error(`tensor '${name}': ${data.length} values for shape [${shape}]`);
    }
    return { name, shape, dtype: dtypeOf(data), bytes: () => bytesOf(data) };
  });
  streamSafetensors(path, promised, metadata);
}

/** The same, holding one tensor at a time. */
export function streamSafetensors(
  path: string,
  tensors: readonly PromisedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): void {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let offset = 0;
  for (const { name, dtype, shape } of tensors) {
    const end = offset + sizeOf(shape) * ITEM_BYTES[dtype];
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));

  replaceFile(path, (temporary) => {
    const fd = openSync(temporary, 'w');
    try {
      for (const part of [length, padded]) writeAll(fd, part);
      for (const { name, dtype, shape, bytes } of tensors) {
        const part = bytes();
        if (part.byteLength !== sizeOf(shape) * ITEM_BYTES[dtype])
          throw new Error(`tensor '${name}': ${part.byteLength} bytes for ${dtype} [${shape}]`);
        writeAll(fd, part);
      }
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  });
}

function writeAll(fd: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.byteLength) done += writeSync(fd, bytes, done);
}

/** The memory of a typed array. */
export function bytesOf(data: Float32Array | BigInt64Array | Uint8Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function dtypeOf(data: NamedTensor['data']): TensorType {
  if (data instanceof Float32Array) return 'F32';
  return data instanceof BigInt64Array ? 'I64' : 'U8';
}
