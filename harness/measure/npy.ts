/** An array of one image, row-major. */
export interface HostArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
/** What the header's end is a multiple of. */
const ALIGNMENT = 64;

/** A file that `numpy.load` reads: format 1.0, little-endian float32 or int32, C order (numpy.lib.format). */
export function npyBytes({ shape, data }: HostArray): Uint8Array {
  const descr = data instanceof Int32Array ? '<i4' : '<f4';
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const fields = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const before = MAGIC.length + 2;
  const padding = ALIGNMENT - ((before + fields.length + 1) % ALIGNMENT);
  const header = Buffer.from(`${fields}${' '.repeat(padding % ALIGNMENT)}\n`, 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([MAGIC, length, header, littleEndian(data)]);
}

function littleEndian(data: Float32Array | Int32Array): Buffer {
  const bytes = Buffer.alloc(data.byteLength);
  for (const [i, value] of data.entries()) {
    if (data instanceof Int32Array) bytes.writeInt32LE(value, 4 * i);
    else bytes.writeFloatLE(value, 4 * i);
  }
  return bytes;
}
