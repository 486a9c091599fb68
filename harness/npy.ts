import { readFileSync } from 'node:fs';
import { requireRegularFile } from './regular-file.ts';

/** Numbers of an array file, row-major. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
/** What the header's end is a multiple of. */
const ALIGNMENT = 64;

/** What can be written: labels too. */
export interface WritableArray extends Pick<NpyArray, 'shape'> {
  readonly data: NpyArray['data'] | Int32Array;
}

/** A file that `numpy.load` reads: format 1.0, little-endian float32, float64 or int32, C order (numpy.lib.format). */
export function npyBytes({ shape, data }: WritableArray): Buffer {
  const descr = data instanceof Float64Array ? '<f8' : data instanceof Int32Array ? '<i4' : '<f4';
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const fields = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const before = MAGIC.length + 4;
  const padding = (ALIGNMENT - ((before + fields.length + 1) % ALIGNMENT)) % ALIGNMENT;
  const header = Buffer.from(`${fields}${' '.repeat(padding)}\n`, 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([
    MAGIC,
    Buffer.from([1, 0]),
    length,
    header,
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  ]);
}

/**
 * Reads what `numpy.save` wrote of a float32 or float64 array in C order.
 * @throws UserError where there is no file; Error for other contents, in half a sentence that follows the file's name
 */
export function readNpy(path: string): NpyArray {
  requireRegularFile(path);
  const bytes = readFileSync(path);
  const [header, start] = headerOf(bytes);
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const tuple = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined || tuple === undefined) throw new Error('has a header that is not of an array');
  if (descr !== '<f4' && descr !== '<f8')
    throw new Error(`holds ${DTYPES[descr] ?? descr}; expected float32 or float64, pictures in [-1,1]`);
  if (/'fortran_order':\s*True/.test(header))
    throw new Error('is in Fortran order; expected C order: numpy.ascontiguousarray(x)');
  const shape = tuple
    .split(',')
    .filter((side) => side.trim() !== '')
    .map(Number);
  const size = descr === '<f4' ? 4 : 8;
  const count = shape.reduce((product, side) => product * side, 1);
  if (bytes.length - start !== count * size)
    throw new Error(`has ${bytes.length - start} bytes of values, where [${shape}] takes ${count * size}`);
  const buffer = bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length);
  return { shape, data: size === 4 ? new Float32Array(buffer) : new Float64Array(buffer) };
}

const DTYPES: Readonly<Record<string, string>> = {
  '|u1': 'uint8',
  '<i4': 'int32',
  '<i8': 'int64',
  '<f2': 'float16',
  '|b1': 'bool',
  '|O': 'Python objects',
  '<c8': 'complex64',
  '<c16': 'complex128',
};

/** Of format 1.0 its length has two bytes, later four. */
function headerOf(bytes: Buffer): [header: string, end: number] {
  if (bytes.length < 12 || !bytes.subarray(0, 6).equals(MAGIC)) throw new Error('is no .npy file');
  const [start, length] = bytes[6] === 1 ? [10, bytes.readUInt16LE(8)] : [12, bytes.readUInt32LE(8)];
  return [bytes.toString('latin1', start, start + length), start + length];
}
