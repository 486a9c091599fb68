import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A tensor of a fixture file; whole numbers and bytes are widened. */
export interface FixtureTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array<ArrayBuffer>;
}

const READERS: Record<string, { bytes: number; read: (view: DataView, offset: number) => number }> = {
  F32: { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) },
  F64: { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) },
  I64: { bytes: 8, read: (view, offset) => Number(view.getBigInt64(offset, true)) },
  U8: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
};

function fixturePath(path: string): string {
  return fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
}

/** The tensors of a safetensors file below test/fixtures. */
export function readFixture(path: string): Record<string, FixtureTensor> {
  const bytes = readFileSync(fixturePath(path));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const header: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }> =
    JSON.parse(bytes.toString('utf8', 8, 8 + headerLength));
  return Object.fromEntries(
    Object.entries(header)
      .filter(([name]) => name !== '__metadata__')
      .map(
        ([
          name,
          {
            dtype,
            shape,
            data_offsets: [start, end],
          },
        ]) => {
          const { bytes: size, read } = READERS[dtype]!;
          const data = Float64Array.from({ length: (end - start) / size }, (_, i) =>
            read(view, 8 + headerLength + start + i * size),
          );
          return [name, { shape, data }];
        },
      ),
  );
}

export interface Tolerance {
  readonly rel_l2?: number;
  readonly max_abs?: number;
}

export interface FixtureCase {
  readonly name: string;
  readonly file: string;
  readonly entry: string;
  readonly params: Readonly<Record<string, string | number | boolean | null>>;
  readonly outputs: readonly string[];
  readonly bind?: Readonly<Record<string, string>>;
  readonly expect?: readonly { name: string; value: number; abs_tol: number; rel_tol?: number }[];
}

export interface Manifest {
  readonly cases: readonly FixtureCase[];
  readonly files: Readonly<Record<string, Readonly<Record<string, { tolerance?: Tolerance }>>>>;
}

/** manifest.json of a fixture item; docs/verify.md describes its form. */
export function readManifest(item: string): Manifest {
  return JSON.parse(readFileSync(fixturePath(`${item}/manifest.json`), 'utf8'));
}

/** How far two arrays are apart, in the terms of the manifests. */
export function distance(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): { rel_l2: number; max_abs: number } {
  let [difference, norm, largest] = [0, 0, 0];
  for (let i = 0; i < expected.length; i++) {
    const d = actual[i]! - expected[i]!;
    difference += d * d;
    norm += expected[i]! ** 2;
    largest = Math.max(largest, Math.abs(d));
  }
  return { rel_l2: Math.sqrt(difference / norm), max_abs: largest };
}
