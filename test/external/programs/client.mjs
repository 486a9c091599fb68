/** The protocol's other side for the programs of these tests, in Node: docs/external-solvers.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const hear = async () => JSON.parse((await lines.next()).value);

export const problem = await hear();
export const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
export const call = async (op, given) => {
  say({ type: 'evaluate', op, ...given });
  return hear();
};

/** Writes an array of the scratch folder; `fields` lie in its header in place of what is right. */
export function save(name, shape, values, fields = {}) {
  const { descr = '<f4', order = 'False', bytes = Buffer.from(Float32Array.from(values).buffer) } = fields;
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape.join(', ')},), }\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  const magic = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
  writeFileSync(join(problem.scratch, name), Buffer.concat([magic, length, Buffer.from(text), bytes]));
  return name;
}

export function load(name) {
  const bytes = readFileSync(join(problem.scratch, name));
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  const shape = /\(([^)]*)\)/
    .exec(header)[1]
    .split(',')
    .filter((side) => side.trim())
    .map(Number);
  const values = bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length);
  return { shape, values: header.includes('<f8') ? new Float64Array(values) : new Float32Array(values) };
}

export const pictures = [problem.images.length, ...problem.imageShape];
export const size = pictures.reduce((product, side) => product * side, 1);
export const zeros = () => save('x.npy', pictures, new Float32Array(size));
