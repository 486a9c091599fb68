import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { SafetensorsFile } from '../../harness/networks/safetensors.ts';
import { writeSafetensors } from '../../harness/networks/safetensors-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'tweedie-safetensors-'));
const path = join(folder, 'x.safetensors');

/** A file with the given header and data, the header's length first. */
function writeRaw(header: unknown, data: Uint8Array = new Uint8Array(0)): void {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  writeFileSync(path, Buffer.concat([length, json, data]));
}

const f32 = (...data_offsets: [number, number]) => ({
  dtype: 'F32',
  shape: [(data_offsets[1] - data_offsets[0]) / 4],
  data_offsets,
});

describe('what is written', () => {
  it('reads back: names, shapes, types and values', () => {
    writeSafetensors(
      path,
      [
        { name: 'w', shape: [2, 2], data: Float32Array.of(1, -2, 0.5, 1e-8) },
        { name: 'ids', shape: [2], data: BigInt64Array.of(3n, -4n) },
        { name: 'pixels', shape: [3], data: Uint8Array.of(0, 7, 255) },
        { name: 'none', shape: [0, 5], data: new Float32Array(0) },
      ],
      { step: '12' },
    );
    const file = new SafetensorsFile(path);
    expect(Object.fromEntries(file.entries)).toMatchObject({
      w: { dtype: 'F32', shape: [2, 2] },
      ids: { dtype: 'I64', shape: [2] },
      pixels: { dtype: 'U8', shape: [3] },
      none: { dtype: 'F32', shape: [0, 5] },
    });
    expect(file.read('w')).toEqual(Float32Array.of(1, -2, 0.5, 1e-8));
    expect(file.read('ids')).toEqual(BigInt64Array.of(3n, -4n));
    expect(file.read('pixels')).toEqual(Uint8Array.of(0, 7, 255));
    expect(file.read('none')).toEqual(new Float32Array(0));
    file.close();
  });

  it('starts its data at a multiple of 8 bytes, as the reference writer does', () => {
    for (const name of ['a', 'ab', 'abc']) {
      writeSafetensors(path, [{ name, shape: [1], data: Float32Array.of(1) }]);
      expect(Number(readFileSync(path).readBigUInt64LE()) % 8).toBe(0);
    }
  });
});

it('half-precision numbers are widened exactly, subnormal ones and infinities too', () => {
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x8000, 0x7bff, 0xfc00);
  writeRaw({ h: { dtype: 'F16', shape: [7], data_offsets: [0, 14] } }, new Uint8Array(halves.buffer));
  expect(new SafetensorsFile(path).readFloat32('h')).toEqual(
    Float32Array.of(1, -2, 0.333251953125, 2 ** -24, -0, 65504, Number.NEGATIVE_INFINITY),
  );
});

describe('a damaged or unsuitable file gives one clear error', () => {
  const errorOf = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      return (error as Error).message;
    }
    throw new Error('no error');
  };
  const bytes = (n: number) => new Uint8Array(n);

  it.each<[string, unknown, Uint8Array, string]>([
    ['a header that is not JSON', '{"w"', bytes(0), 'the safetensors header is not JSON'],
    ['a header that is no object', '[1]', bytes(0), 'found [1]'],
    [
      'an unknown type',
      { w: { dtype: 'BF17', shape: [1], data_offsets: [0, 2] } },
      bytes(2),
      'tensor \'w\': dtype: found "BF17"',
    ],
    [
      'a negative size',
      { w: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } },
      bytes(4),
      "tensor 'w': shape.0: found -1",
    ],
    [
      'offsets that do not fit the shape',
      { w: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } },
      bytes(8),
      "tensor 'w': data_offsets [0, 8] hold 8 bytes; F32 [3] needs 12",
    ],
    [
      'overlapping tensors',
      { v: f32(0, 8), w: f32(4, 12) },
      bytes(12),
      "tensor 'w' starts at byte 4: it overlaps 'v', which ends at 8",
    ],
    [
      'a gap',
      { v: f32(0, 4), w: f32(8, 12) },
      bytes(12),
      "tensor 'w' starts at byte 8: it leaves a gap behind 'v', which ends at 4",
    ],
    ['a file that was cut short', { v: f32(0, 8) }, bytes(5), 'the tensors take 8 bytes, the file has 5'],
    ['bytes behind the last tensor', { v: f32(0, 4) }, bytes(6), 'the tensors take 4 bytes, the file has 6'],
  ])('%s', (_, header, data, message) => {
    writeRaw(header, data);
    const error = errorOf(() => new SafetensorsFile(path));
    expect(error).toContain(`${path}: `);
    expect(error).toContain(message);
  });

  it('a header longer than the file', () => {
    const file = Buffer.alloc(16);
    file.writeBigUInt64LE(1000n);
    writeFileSync(path, file);
    expect(errorOf(() => new SafetensorsFile(path))).toContain(
      'its header should take 1000 bytes, the file has 16',
    );
  });

  it('a file too short for any header', () => {
    writeFileSync(path, 'pickle');
    expect(errorOf(() => new SafetensorsFile(path))).toContain('6 bytes, expected at least 8');
  });

  it('no file at all', () => {
    const missing = join(folder, 'missing.safetensors');
    expect(errorOf(() => new SafetensorsFile(missing))).toBe(`${missing}: expected a file, found nothing`);
  });

  it('a tensor that is not there, with the nearest name', () => {
    writeSafetensors(path, [{ name: 'conv_in.weight', shape: [1], data: Float32Array.of(1) }]);
    expect(errorOf(() => new SafetensorsFile(path).read('conv.weight'))).toBe(
      `${path}: there is no tensor 'conv.weight'; the nearest name is 'conv_in.weight'`,
    );
  });

  it('whole numbers where a network wants fractions', () => {
    writeSafetensors(path, [{ name: 'w', shape: [1], data: BigInt64Array.of(1n) }]);
    expect(errorOf(() => new SafetensorsFile(path).readFloat32('w'))).toBe(
      `${path}: tensor 'w' has type I64; expected F32, F16, BF16 or F64`,
    );
  });
});
