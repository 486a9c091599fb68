/**
 * The safetensors format: 8-byte little-endian header length, JSON header ({ name: { dtype, shape, data_offsets } },
 * optionally __metadata__), raw little-endian row-major data. Tensors are read one at a time, so that a file of many
 * gigabytes needs no memory of its size. Little-endian machines only, as Node's supported platforms are.
 */
import { closeSync, fstatSync, readSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { parseConfig } from './config-file.ts';
import { bfloatToFloat, halfToFloat } from './half.ts';
import { openForReading } from './open-for-reading.ts';
import { sizeOf } from './parameter-shapes.ts';
import { missingTensor } from './params.ts';

/** Bytes of one value. Of these types F64, F32, F16, BF16, I64 and U8 can be read; the others may lie in a file beside them. */
export const ITEM_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;
export type SafetensorsDtype = keyof typeof ITEM_BYTES;

/** The reference implementation's limit: a longer header is a damaged file. */
const MAX_HEADER_BYTES = 100_000_000;
/** Well below the 2 GiB that one read can take. */
const CHUNK_BYTES = 1 << 24;

export interface TensorEntry {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
}

/** F16 and BF16 arrive as float32. */
export type TensorData = Float32Array | Float64Array | BigInt64Array | Uint8Array;

const entrySchema = z.object({
  dtype: z.enum(Object.keys(ITEM_BYTES) as [SafetensorsDtype, ...SafetensorsDtype[]]),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});
type Entry = z.infer<typeof entrySchema>;

/** An open file whose header has been checked. */
export class SafetensorsFile {
  readonly path: string;
  readonly #fd: number;
  readonly #dataStart: number;
  readonly #entries: ReadonlyMap<string, Entry>;

  /** Throws UserError, naming file and tensor, for a file that cannot be read or breaks the format. */
  constructor(path: string) {
    this.path = path;
    this.#fd = openForReading(path);
    try {
      const headerBytes = readHeaderLength(path, this.#fd);
      this.#dataStart = 8 + headerBytes;
      const text = Buffer.from(readBytes(path, this.#fd, 8, headerBytes)).toString('utf8');
      this.#entries = parseHeader(path, text, fstatSync(this.#fd).size - this.#dataStart);
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  /** Bytes of all values. */
  get dataBytes(): number {
    return [...this.#entries.values()].reduce(
      (end, { data_offsets: offsets }) => Math.max(end, offsets[1]),
      0,
    );
  }

  /** Names, types and shapes of all tensors. */
  get entries(): ReadonlyMap<string, TensorEntry> {
    return this.#entries;
  }

  /** Where the first byte of a tensor lies in the file. Throws UserError for a name that is not there. */
  offset(name: string): number {
    return this.#dataStart + this.#entry(name).data_offsets[0];
  }

  /** One tensor in its own type; F16 and BF16 as float32. */
  read(name: string): TensorData {
    const { dtype, data_offsets: offsets } = this.#entry(name);
    const [begin, end] = offsets;
    const bytes = readBytes(this.path, this.#fd, this.#dataStart + begin, end - begin);
    const data = decode(dtype, bytes);
    if (!data) throw new UserError(`${this.path}: tensor '${name}' has type ${dtype}, which is not read`);
    return data;
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (!entry) throw missingTensor(this.path, name, [...this.#entries.keys()]);
    return entry;
  }

  /** A tensor of floating-point numbers as float32; throws UserError for F64 and integers. */
  readFloat32(name: string): Float32Array {
    const data = this.read(name);
    if (data instanceof Float32Array) return data;
    throw new UserError(
      `${this.path}: tensor '${name}' has type ${this.#entries.get(name)!.dtype}; expected F32, F16 or BF16`,
    );
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function readHeaderLength(path: string, fd: number): number {
  const stats = fstatSync(fd);
  if (!stats.isFile()) throw new UserError(`${path}: is not a file`);
  const { size } = stats;
  if (size < 8) throw new UserError(`${path}: is not a safetensors file: ${size} bytes, expected at least 8`);
  const length = Number(new DataView(readBytes(path, fd, 0, 8)).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES || 8 + length > size) {
    throw new UserError(
      `${path}: is not a safetensors file, or cut short: its header should take ${length} bytes, the file has ${size}`,
    );
  }
  return length;
}

function parseHeader(path: string, text: string, dataBytes: number): Map<string, Entry> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path}: the safetensors header is not JSON: ${(error as Error).message}`);
  }
  const { __metadata__: _, ...tensors } = parseConfig(path, json, z.record(z.string(), z.unknown()));
  const entries = new Map(
    Object.entries(tensors).map(([name, raw]) => [
      name,
      parseConfig(`${path}: tensor '${name}'`, raw, entrySchema),
    ]),
  );
  // Of two equal names JSON.parse keeps the last.
  const stated = text.match(/"data_offsets"\s*:\s*\[/g)?.length ?? 0;
  if (stated !== entries.size) throw new UserError(`${path}: its header names a tensor more than once`);
  checkOffsets(path, entries, dataBytes);
  return entries;
}

/** Tensors must fill the data section in some order, without gap or overlap. */
function checkOffsets(path: string, entries: ReadonlyMap<string, Entry>, dataBytes: number): void {
  const byPlace = [...entries].sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  let expected = 0;
  let before = 'the header';
  for (const [name, { dtype, shape, data_offsets: offsets }] of byPlace) {
    const [begin, end] = offsets;
    const bytes = sizeOf(shape) * ITEM_BYTES[dtype];
    if (end - begin !== bytes) {
      throw new UserError(
        `${path}: tensor '${name}': data_offsets [${begin}, ${end}] hold ${end - begin} bytes; ${dtype} [${shape}] needs ${bytes}`,
      );
    }
    if (begin !== expected) {
      const what = begin < expected ? 'overlaps' : 'leaves a gap behind';
      throw new UserError(
        `${path}: tensor '${name}' starts at byte ${begin}: it ${what} ${before}, which ends at ${expected}`,
      );
    }
    expected = end;
    before = `'${name}'`;
  }
  if (expected !== dataBytes) {
    throw new UserError(
      `${path}: the tensors take ${expected} bytes, the file has ${dataBytes}; is it cut short?`,
    );
  }
}

export function readBytes(path: string, fd: number, position: number, length: number): ArrayBuffer {
  const bytes = Buffer.from(new ArrayBuffer(length));
  let done = 0;
  while (done < length) {
    const got = readSync(fd, bytes, done, Math.min(CHUNK_BYTES, length - done), position + done);
    if (got === 0) throw new UserError(`${path}: ended at byte ${position + done} while it was read`);
    done += got;
  }
  return bytes.buffer as ArrayBuffer;
}

export function decode(dtype: SafetensorsDtype, bytes: ArrayBuffer): TensorData | null {
  switch (dtype) {
    case 'F64':
      return new Float64Array(bytes);
    case 'F32':
      return new Float32Array(bytes);
    case 'F16':
      return halfToFloat(new Uint16Array(bytes));
    case 'BF16':
      return bfloatToFloat(new Uint16Array(bytes));
    case 'I64':
      return new BigInt64Array(bytes);
    case 'U8':
      return new Uint8Array(bytes);
    default:
      return null;
  }
}
