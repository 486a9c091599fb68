/**
 * The safetensors format: 8-byte little-endian header length, JSON header ({ name: { dtype, shape, data_offsets } },
 * optionally __metadata__), raw little-endian row-major data. Tensors are read one at a time, so that a file of many
 * gigabytes needs no memory of its size. Little-endian machines only, as Node's supported platforms are.
 */
import { closeSync, fstatSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { foreignKind } from './foreign-file.ts';
import { openForReading, readAt } from './open-for-reading.ts';
import { missingTensor } from './params.ts';
import { type HeaderEntry, parseHeader } from './safetensors-header.ts';
import { tensorsUnder } from './section.ts';
import { decode, decodeFloat32, type TensorData, type TensorEntry } from './tensor-types.ts';

/** Room for 50,000 tensors, more than any network here has: a longer header is a damaged file. */
const MAX_HEADER_BYTES = 2 ** 22;

/** An open file whose header has been checked. */
export class SafetensorsFile {
  readonly path: string;
  readonly section: string | undefined;
  /** Bytes of all values. */
  readonly dataBytes: number;
  readonly #fd: number;
  readonly #dataStart: number;
  readonly #entries: ReadonlyMap<string, HeaderEntry>;

  /**
   * @param section takes the tensors whose names begin with it and a dot, and leaves that out of their names
   * @throws UserError, naming file and tensor, for a file that cannot be read or breaks the format
   */
  constructor(path: string, section?: string) {
    this.path = path;
    this.section = section;
    this.#fd = openForReading(path);
    try {
      const headerBytes = readHeaderLength(path, this.#fd);
      this.#dataStart = 8 + headerBytes;
      const text = Buffer.from(readAt(path, this.#fd, 8, headerBytes)).toString('utf8');
      this.dataBytes = fstatSync(this.#fd).size - this.#dataStart;
      const entries = parseHeader(path, text, this.dataBytes);
      this.#entries = section === undefined ? entries : tensorsUnder(section, entries, path);
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  /** Names, types and shapes of all tensors. */
  get entries(): ReadonlyMap<string, TensorEntry> {
    return this.#entries;
  }

  /** Where the first byte of a tensor lies in the file. Throws UserError for a name that is not there. */
  offset(name: string): number {
    return this.#dataStart + this.#entry(name).data_offsets[0];
  }

  /** One tensor as its bytes lie in the file. */
  bytes(name: string): ArrayBuffer {
    const [begin, end] = this.#entry(name).data_offsets;
    return readAt(this.path, this.#fd, this.#dataStart + begin, end - begin);
  }

  /** One tensor in its own type; F16 and BF16 as float32. Throws UserError for a type that is not read. */
  read(name: string): TensorData {
    return decode(this.bytes(name), this.#entry(name).dtype, `${this.path}: tensor '${name}'`);
  }

  /** A tensor of floating-point numbers as float32, F64 rounded; throws UserError for other types. */
  readFloat32(name: string): Float32Array {
    return decodeFloat32(this.bytes(name), this.#entry(name).dtype, `${this.path}: tensor '${name}'`);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #entry(name: string): HeaderEntry {
    const entry = this.#entries.get(name);
    if (!entry) throw missingTensor(this.path, name, [...this.#entries.keys()]);
    return entry;
  }
}

function readHeaderLength(path: string, fd: number): number {
  const { size } = fstatSync(fd);
  const length = size < 8 ? null : Number(new DataView(readAt(path, fd, 0, 8)).getBigUint64(0, true));
  if (length !== null && length <= MAX_HEADER_BYTES && 8 + length <= size) return length;
  const kind = foreignKind(fd);
  if (kind !== null) throw new UserError(`${path}: ${kind}`);
  if (length !== null && 8 + length <= size)
    throw new UserError(`${path}: its header takes ${length} bytes; at most ${MAX_HEADER_BYTES} are read`);
  const found =
    length === null
      ? `${size} bytes, expected at least 8`
      : `its header should take ${length} bytes, the file has ${size}`;
  throw new UserError(`${path}: is not a safetensors file, or cut short: ${found}`);
}
