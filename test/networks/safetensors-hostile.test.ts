import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { uniforms } from '../../harness/engine/random.ts';
import { UserError } from '../../harness/errors.ts';
import { SafetensorsFile } from '../../harness/networks/safetensors.ts';

const folder = mkdtempSync(join(tmpdir(), 'tweedie-hostile-'));
const path = join(folder, 'x.safetensors');
afterAll(() => rmSync(folder, { recursive: true }));

interface HeaderEntry {
  readonly dtype: unknown;
  readonly shape: unknown;
  readonly data_offsets: unknown;
}

function fileBytes(
  header: string,
  dataBytes: number,
  headerLength = BigInt(Buffer.byteLength(header)),
): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(headerLength);
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(dataBytes, 1)]);
}

/** Opens the bytes as a file and reads every tensor. Returns the UserError's message; null: nothing was wrong. */
function complaint(bytes: Uint8Array): string | null {
  writeFileSync(path, bytes);
  try {
    const file = new SafetensorsFile(path);
    try {
      for (const name of file.entries.keys()) file.read(name);
      return null;
    } finally {
      file.close();
    }
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    const { message } = error as UserError;
    expect(message.startsWith(path)).toBe(true);
    expect(message.length).toBeLessThan(path.length + 2500);
    return message;
  }
}

const entry = (fields: Partial<HeaderEntry>) =>
  JSON.stringify({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...fields } });

describe('a header length', () => {
  const header = entry({});

  it.each([
    ['0', 0n],
    ['shorter than the header', 7n],
    ['one too long', BigInt(header.length) + 9n],
    ['above the limit', 2n ** 22n + 1n],
    ['2^53 + 1', 2n ** 53n + 1n],
    ['2^63', 2n ** 63n],
    ['2^64 - 1', 2n ** 64n - 1n],
  ])('of %s is refused', (_, length) => {
    expect(complaint(fileBytes(header, 8, length))).not.toBeNull();
  });

  it('that is right is not', () => {
    expect(complaint(fileBytes(header, 8))).toBeNull();
  });
});

it('a file cut short anywhere is refused', () => {
  const whole = fileBytes(entry({}), 8);
  for (let length = 0; length < whole.length; length++)
    expect(complaint(whole.subarray(0, length)), `${length} bytes`).not.toBeNull();
});

it('a header above the limit is not read, in a file as long as it says', () => {
  writeFileSync(path, fileBytes('', 0, 2n ** 22n + 1n));
  truncateSync(path, 2 ** 23);
  expect(() => new SafetensorsFile(path)).toThrow(
    `${path}: its header takes 4194305 bytes; at most 4194304 are read`,
  );
});

describe('a tensor of a type that no network computes with', () => {
  it.each([
    ['U32', 8],
    ['C64', 16],
    ['F8_E4M3', 2],
    ['F4', 1],
    ['BOOL', 2],
  ])('%s lies in a file that is read', (dtype, bytes) => {
    writeFileSync(path, fileBytes(entry({ dtype, data_offsets: [0, bytes] }), bytes));
    const file = new SafetensorsFile(path);
    expect(file.entries.get('w')).toMatchObject({ dtype, shape: [2] });
    expect(file.bytes('w').byteLength).toBe(bytes);
    expect(() => file.readFloat32('w')).toThrow(`'w' has type ${dtype}; expected F32, F16, BF16 or F64`);
    file.close();
  });

  it('F64 is read as float32, rounded', () => {
    const bytes = Buffer.concat([
      fileBytes(entry({ dtype: 'F64', data_offsets: [0, 16] }), 0),
      Buffer.from(Float64Array.of(1.5, 1 / 3).buffer),
    ]);
    writeFileSync(path, bytes);
    const file = new SafetensorsFile(path);
    expect(file.readFloat32('w')).toEqual(Float32Array.of(1.5, 1 / 3));
    file.close();
  });
});

describe('a tensor is refused', () => {
  it.each<[string, Partial<HeaderEntry>]>([
    ['with negative offsets', { data_offsets: [-8, 0] }],
    ['with fractional offsets', { data_offsets: [0.5, 8.5] }],
    ['with offsets as text', { data_offsets: ['0', '8'] }],
    ['with offsets in the wrong order', { data_offsets: [8, 0] }],
    ['with offsets beyond whole numbers', { data_offsets: [0, 1e300] }],
    ['with one offset', { data_offsets: [0] }],
    ['with three offsets', { data_offsets: [0, 8, 16] }],
    ['without offsets', { data_offsets: undefined }],
    ['with a negative size', { shape: [-2] }],
    ['with two negative sizes', { shape: [-1, -2] }],
    ['with a fractional size', { shape: [0.5, 4] }],
    ['with no shape', { shape: null }],
    ['with a shape whose product overflows', { shape: [2 ** 40, 2 ** 40, 2 ** 40] }],
    ['with a shape whose product wraps around to its bytes in 64 bits', { shape: [2 ** 32, 2 ** 32, 2] }],
    ['with a shape beyond all numbers', { shape: Array(100).fill(2 ** 50) }],
    ['with a shape beyond all numbers that has a 0', { shape: [...Array(100).fill(2 ** 50), 0] }],
    ['of an unknown type', { dtype: 'F31' }],
    ['of a type by the name of an object property', { dtype: 'constructor' }],
    ['of no type', { dtype: undefined }],
    ['of a type that is not text', { dtype: ['F32'] }],
  ])('%s', (_, fields) => {
    expect(complaint(fileBytes(entry(fields), 8))).not.toBeNull();
  });

  it.each([
    ['null', '{"w":null}'],
    ['a number', '{"w":7}'],
    ['a list', '{"w":[]}'],
  ])('that is %s', (_, header) => {
    expect(complaint(fileBytes(header, 0))).toContain("tensor 'w'");
  });
});

describe('tensors are refused', () => {
  const two = (first: [number, number], second: [number, number]) =>
    fileBytes(
      JSON.stringify({
        v: { dtype: 'U8', shape: [first[1] - first[0]], data_offsets: first },
        w: { dtype: 'U8', shape: [second[1] - second[0]], data_offsets: second },
      }),
      8,
    );

  it.each<[string, [number, number], [number, number], string]>([
    ['that overlap', [0, 5], [3, 8], 'overlaps'],
    ['that are the same bytes', [0, 8], [0, 8], 'overlaps'],
    ['one inside the other', [0, 8], [2, 4], 'overlaps'],
    ['with a gap between them', [0, 3], [5, 8], 'gap'],
    ['with a gap before them', [1, 3], [3, 8], 'gap'],
    ['that leave bytes at the end', [0, 3], [3, 7], 'the file has 8'],
    ['that need more bytes than there are', [0, 3], [3, 9], 'the file has 8'],
  ])('%s', (_, first, second, message) => {
    expect(complaint(two(first, second))).toContain(message);
  });

  it('of the same name', () => {
    const value = '{"dtype":"U8","shape":[8],"data_offsets":[0,8]}';
    expect(complaint(fileBytes(`{"w":${value},"w":${value}}`, 8))).toContain('more than once');
    const half = (offsets: string) => `{"dtype":"U8","shape":[4],"data_offsets":${offsets}}`;
    expect(complaint(fileBytes(`{"w":${half('[0,4]')},"w":${half('[4,8]')}}`, 8))).not.toBeNull();
  });
});

describe('a header is refused', () => {
  it.each([
    ['that is empty', ''],
    ['of spaces', '        '],
    ['that is text', '"w"'],
    ['with something behind it', '{} {}'],
    ['that is not UTF-8', `{"w\xff":1}`],
    ['nested a million deep', '['.repeat(1e6) + ']'.repeat(1e6)],
    ['with a tensor nested a million deep', `{"w":${'['.repeat(1e6)}${']'.repeat(1e6)}}`],
    ['that is a list of a million numbers', JSON.stringify(Array(1e6).fill(1))],
  ])('%s', (_, header) => {
    const data = Buffer.from(header, 'latin1');
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(data.length));
    expect(complaint(Buffer.concat([length, data]))).not.toBeNull();
  });

  it('but not for names that JavaScript objects have', () => {
    const value = (begin: number) => `{"dtype":"U8","shape":[4],"data_offsets":[${begin},${begin + 4}]}`;
    writeFileSync(path, fileBytes(`{"toString":${value(0)},"constructor":${value(4)}}`, 8));
    const file = new SafetensorsFile(path);
    expect([...file.entries.keys()]).toEqual(['toString', 'constructor']);
    file.close();
  });
});

it('a folder, a broken link and an unreadable name are no files', () => {
  const link = join(folder, 'link');
  symlinkSync(join(folder, 'nothing'), link);
  for (const bad of [folder, link, `${path}\0`]) expect(() => new SafetensorsFile(bad)).toThrow(UserError);
});

describe('random damage to a valid file', () => {
  const valid = fileBytes(
    JSON.stringify({
      'conv.weight': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
      'conv.bias': { dtype: 'F16', shape: [2], data_offsets: [24, 28] },
      ids: { dtype: 'I64', shape: [1], data_offsets: [28, 36] },
      mask: { dtype: 'U8', shape: [4], data_offsets: [36, 40] },
      __metadata__: { format: 'pt' },
    }),
    40,
  );
  const next = uniforms({ seed: 0, role: 'sample', image: 'safetensors', draw: 0 });
  const below = (n: number) => Math.floor(n * next());

  it('of up to four bytes: read, or refused in one line', () => {
    let refused = 0;
    for (let round = 0; round < 400; round++) {
      const damaged = Buffer.from(valid);
      for (let i = 0; i <= below(4); i++) damaged[below(damaged.length - 40)] = below(256);
      if (complaint(damaged) !== null) refused++;
    }
    expect(refused).toBeGreaterThan(200);
  });

  it('by cutting out, doubling or shuffling a piece', () => {
    for (let round = 0; round < 200; round++) {
      const [a, b] = [below(valid.length), below(valid.length)].sort((x, y) => x - y) as [number, number];
      const [head, piece, tail] = [valid.subarray(0, a), valid.subarray(a, b), valid.subarray(b)];
      complaint(Buffer.concat([head, tail]));
      complaint(Buffer.concat([head, piece, piece, tail]));
      complaint(Buffer.concat([piece, head, tail]));
    }
  });
});
