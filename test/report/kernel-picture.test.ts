import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { withKernel } from '../../harness/report/kernel-picture.ts';
import type { ImageRow } from '../../harness/store/rows.ts';
import { writeTensor } from '../../harness/worker/files.ts';

const dir = mkdtempSync(join(tmpdir(), 'tweedie-kernels-'));
const picture = { png: Buffer.from(''), width: 1, values: null, words: null, kernel: null };
const stored = { method: 'm', setting: 's', item: 'i', seed: 0, path: 'p', sha256: 'h' };
let array: NonNullable<ImageRow['array']>;

beforeAll(() => {
  const kernel = (data: number[]) => ({ shape: [1, 2, 2], data: Float32Array.from(data) });
  array = writeTensor(
    dir,
    'ab12',
    Float32Array.of(0),
    [1, 1, 1],
    [
      { name: 'kernel', ...kernel([0.5, 0.25, 0.25, 0]) },
      { name: 'truth.kernel', ...kernel([0, 0, 1, 0]) },
    ],
  );
});

async function greys(row: ImageRow): Promise<number[] | string | null> {
  const shown = await withKernel(picture, row, dir);
  if ('problem' in shown) return shown.problem;
  if (!shown.kernel) return null;
  return [...(await sharp(shown.kernel).toColourspace('b-w').raw().toBuffer())];
}

describe('a picture of a blind task shows, its largest value white,', () => {
  it('the kernel that was found with a result', async () => {
    expect(await greys({ ...stored, role: 'result', array })).toEqual([255, 128, 128, 0]);
  });
  it('the true one with the truth', async () => {
    expect(await greys({ ...stored, role: 'truth', array })).toEqual([0, 0, 255, 0]);
  });
  it('none with a measurement, and none where none is stored', async () => {
    expect(await greys({ ...stored, role: 'given', array })).toBeNull();
    expect(await greys({ ...stored, role: 'result', array: null })).toBeNull();
  });
  it('which file is damaged where one is', async () => {
    expect(readFileSync(join(dir, array.path)).length).toBeGreaterThan(0);
    expect(await greys({ ...stored, role: 'result', array: { ...array, sha256: '0' } })).toMatch(
      /^tensors\/ab\/ab12\.safetensors: damaged/,
    );
  });
});
