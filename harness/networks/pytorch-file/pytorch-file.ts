/**
 * Files that PyTorch's torch.save wrote (.pt, .pth, .ckpt, .bin), read without PyTorch and without running anything: the
 * pickle inside can make tensors and plain data, and what else it names is refused. Tensors are read one at a time.
 */
import { closeSync, fstatSync } from 'node:fs';
import { sizeOf } from '../../engine/shape.ts';
import { UserError } from '../../errors.ts';
import { openForReading, readAt } from '../open-for-reading.ts';
import { missingTensor } from '../params.ts';
import { decode, decodeFloat32, ITEM_BYTES, type TensorData, type TensorEntry } from '../tensor-types.ts';
import { openArchive } from './archive.ts';
import { findStateDict } from './state-dict.ts';
import type { TorchTensor } from './torch-objects.ts';

interface Entry extends TensorEntry {
  readonly tensor: TorchTensor;
  /** Of the storage's first byte. */
  readonly position: number;
  readonly contiguous: boolean;
}

/** An open file whose tensors are known and whose storages have the sizes that these expect. */
export class PytorchFile {
  readonly path: string;
  readonly section: string | undefined;
  readonly #fd: number;
  readonly #entries: ReadonlyMap<string, Entry>;

  /**
   * @param section which dictionary of tensors, where a checkpoint has several (`model_ema`, `ema.shadow`)
   * @throws UserError naming the file, and the global, record or storage, for one that is damaged or not plain tensors
   */
  constructor(path: string, section?: string) {
    this.path = path;
    this.section = section;
    this.#fd = openForReading(path);
    try {
      const { size } = fstatSync(this.#fd);
      const archive = openArchive({ path, fd: this.#fd, size });
      this.#entries = new Map(
        [...findStateDict(archive.root, path, section)].map(([name, tensor]) => [
          name,
          {
            dtype: tensor.storage.dtype,
            shape: tensor.shape,
            tensor,
            position: archive.position(tensor.storage),
            contiguous: isContiguous(tensor),
          },
        ]),
      );
      refuseInflated(path, this.dataBytes, size);
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  /** Bytes of all values. */
  get dataBytes(): number {
    return [...this.#entries.values()].reduce(
      (sum, { dtype, shape }) => sum + sizeOf(shape) * ITEM_BYTES[dtype],
      0,
    );
  }

  /** Names, types and shapes of all tensors. */
  get entries(): ReadonlyMap<string, TensorEntry> {
    return this.#entries;
  }

  /**
   * Where the first byte of a tensor lies in the file; null where its values do not lie there one after the other, row by
   * row. Throws UserError for a name that is not there.
   */
  offset(name: string): number | null {
    const { contiguous, position, tensor, dtype } = this.#entry(name);
    return contiguous ? position + tensor.offset * ITEM_BYTES[dtype] : null;
  }

  /** One tensor in its own type, row-major; F16 and BF16 as float32. Throws UserError for a type that is not read. */
  read(name: string): TensorData {
    return decode(this.bytes(name), this.#entry(name).dtype, `${this.path}: tensor '${name}'`);
  }

  /** A tensor of floating-point numbers as float32, F64 rounded; throws UserError for other types. */
  readFloat32(name: string): Float32Array {
    return decodeFloat32(this.bytes(name), this.#entry(name).dtype, `${this.path}: tensor '${name}'`);
  }

  /** One tensor, row-major, as it was stored. */
  bytes(name: string): ArrayBuffer {
    const { tensor, position, contiguous, dtype } = this.#entry(name);
    const item = ITEM_BYTES[dtype];
    const { shape, strides, offset } = tensor;
    const count = sizeOf(shape);
    if (count === 0) return new ArrayBuffer(0);
    const span = contiguous ? count : 1 + shape.reduce((sum, n, axis) => sum + (n - 1) * strides[axis]!, 0);
    const stored = readAt(this.path, this.#fd, position + offset * item, span * item);
    return contiguous ? stored : gather(stored, item, tensor);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (!entry) throw missingTensor(this.path, name, [...this.#entries.keys()]);
    return entry;
  }
}

/** Views may share values, but a small file that asks for any amount of them is no checkpoint. */
function refuseInflated(path: string, dataBytes: number, size: number): void {
  const most = 16 * size + 2 ** 26;
  if (dataBytes <= most) return;
  throw new UserError(
    `${path}: its tensors would take ${dataBytes} bytes; expected at most ${most} of a file of ${size}`,
  );
}

/** Whether elements lie row by row; the stride of an axis of length 1 means nothing. */
function isContiguous({ shape, strides }: TorchTensor): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

/** The elements in row-major order. */
function gather(stored: ArrayBuffer, item: number, { shape, strides }: TorchTensor): ArrayBuffer {
  const from = new Uint8Array(stored);
  const result = new Uint8Array(sizeOf(shape) * item);
  const index = new Array<number>(shape.length).fill(0);
  let at = 0;
  for (let to = 0; to < result.length; to += item) {
    for (let byte = 0; byte < item; byte++) result[to + byte] = from[at * item + byte]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= shape[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return result.buffer;
}
