import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { problemKey } from '../../harness/identity/keys.ts';
import { matchPictures } from '../../harness/imported/match.ts';
import { npyBytes } from '../../harness/npy.ts';
import { exampleEntry, writeFlat, writeManifest } from '../measured/example.ts';
import { temporaryFolder } from '../store/example.ts';

const entries = ['a', 'b', 'c'].map((id) => exampleEntry(id));

/** Problems a, b and c, and a folder of pictures. */
function place() {
  const measured = temporaryFolder();
  writeManifest(measured, entries);
  const folder = join(measured, 'results/mine');
  mkdirSync(folder, { recursive: true });
  return { measured, folder, file: (i: number) => join(folder, `${entries[i]!.name}.png`) };
}

const refusal = (match: () => unknown) => {
  try {
    match();
  } catch (error) {
    return (error as Error).message;
  }
  return expect.fail('it was accepted');
};

describe('pictures of problems', () => {
  it("are found by the truths' names; what is missing and what belongs to none is told", async () => {
    const { measured, folder, file } = place();
    await writeFlat(file(0));
    await writeFlat(file(2), { level: 7 });
    await writeFlat(join(folder, 'denoising-abababab/seed-0/B.png'));
    writeFileSync(join(folder, 'denoising-abababab/seed-0/b.jpg'), '');
    writeFileSync(join(folder, 'denoising-abababab/seed-0/log.txt'), '');
    const { pictures, missing, unknown } = matchPictures(folder, measured);
    expect([...pictures.keys()]).toEqual([entries[0]!, entries[2]!].map(problemKey));
    expect([...missing]).toEqual([[problemKey(entries[1]!), `${entries[1]!.name}.png`]]);
    expect(unknown).toEqual(['denoising-abababab/seed-0/B.png', 'denoising-abababab/seed-0/b.jpg']);
  });

  it('are not looked for where the manifest is of another version, which is said', () => {
    const { measured, folder } = place();
    const file = join(measured, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...manifest, version: 2, tweedie: '9.0.0', entries: 'elsewhere' }));
    expect(refusal(() => matchPictures(folder, measured))).toBe(
      `${file}: is a manifest of version 2, and this program reads version 1: measure again, or use the tweedie that wrote it (9.0.0)`,
    );
  });

  it('have a key that changes with the picture, and with what the problem is', async () => {
    const { measured, folder, file } = place();
    await writeFlat(file(0));
    const first = matchPictures(folder, measured).pictures;
    await writeFlat(file(0), { level: 101 });
    const second = matchPictures(folder, measured).pictures;
    const key = problemKey(entries[0]!);
    expect(second.get(key)!.sha256).not.toBe(first.get(key)!.sha256);
    for (const other of [{ seed: 1 }, { id: 'z' }, { rng: 'torch-cpu' }, { pixels: '00'.repeat(32) }])
      expect(problemKey({ ...entries[0]!, ...other })).not.toBe(key);
  });

  it.each([
    [{ width: 9 }, /\/a\.png: is 9x6, its truth 8x6: expected equal sizes$/],
    [{ channels: 4 as const }, /\/a\.png: found RGB with an alpha channel, expected 8-bit RGB or grey$/],
  ])('%j is refused by name', async (options, message) => {
    const { measured, folder, file } = place();
    await writeFlat(file(0), options);
    expect(refusal(() => matchPictures(folder, measured))).toMatch(message);
  });

  it('of 16 bits, and files that only bear the name, are refused by name', async () => {
    const { measured, folder, file } = place();
    mkdirSync(dirname(file(0)), { recursive: true });
    await sharp({ create: { width: 8, height: 6, channels: 3, background: 'red' } })
      .toColourspace('rgb16')
      .png()
      .toFile(file(0));
    expect(refusal(() => matchPictures(folder, measured))).toMatch(
      /found 16 bits a channel, expected 8-bit RGB or grey$/,
    );
    writeFileSync(file(0), 'GIF89a and so on, long enough for a header');
    expect(refusal(() => matchPictures(folder, measured))).toMatch(
      /a\.png: found a GIF, expected a PNG picture$/,
    );
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 20), 'it is cut off'],
    [
      'of damaged pixels',
      (bytes: Buffer) => bytes.fill(0xff, bytes.indexOf('IDAT') + 4, bytes.indexOf('IDAT') + 8),
      'incorrect header check',
    ],
    [
      'that has fewer rows than it says',
      (bytes: Buffer) => {
        const shorter = deflateSync(Buffer.alloc(10));
        const head = Buffer.alloc(4);
        head.writeUInt32BE(shorter.length);
        const idat = Buffer.concat([head, Buffer.from('IDAT'), shorter, Buffer.alloc(4)]);
        return Buffer.concat([bytes.subarray(0, 33), idat, bytes.subarray(-12)]);
      },
      'rows are missing',
    ],
  ])('%s are refused by name', async (_, damaged, why) => {
    const { measured, folder, file } = place();
    await writeFlat(file(0));
    writeFileSync(file(0), damaged(readFileSync(file(0))));
    expect(refusal(() => matchPictures(folder, measured))).toBe(
      `${file(0)}: not a readable picture (${why}); expected a whole PNG file`,
    );
  });

  it('may be arrays of floating-point numbers, of the right shape and range', () => {
    const { measured, folder, file } = place();
    const npy = file(0).replace('.png', '.npy');
    const write = (shape: number[], value: number) => {
      const size = shape.reduce((product, side) => product * side, 1);
      mkdirSync(dirname(npy), { recursive: true });
      writeFileSync(npy, npyBytes({ shape, data: new Float32Array(size).fill(value) }));
    };
    write([3, 6, 8], 1.5);
    expect(matchPictures(folder, measured).pictures.get(problemKey(entries[0]!))).toMatchObject({
      file: npy,
    });
    write([6, 8, 3], 0);
    expect(refusal(() => matchPictures(folder, measured))).toMatch(
      /a\.npy: has the shape \[6,8,3\], expected \[3,6,8\]$/,
    );
    write([3, 6, 8], Number.NaN);
    expect(refusal(() => matchPictures(folder, measured))).toMatch(
      /a\.npy: holds a value of NaN, expected a picture in about \[-1,1\]/,
    );
    write([3, 6, 8], 255);
    expect(refusal(() => matchPictures(folder, measured))).toMatch(
      /a\.npy: holds a value of 255, expected a picture in about \[-1,1\]: byte \/ 127\.5 - 1$/,
    );
    writeFileSync(npy, 'nothing');
    expect(refusal(() => matchPictures(folder, measured))).toMatch(/a\.npy: is no \.npy file$/);
  });

  it('are refused where there are two of one problem', async () => {
    const { measured, folder, file } = place();
    await writeFlat(file(0));
    writeFileSync(file(0).replace('.png', '.npy'), '');
    expect(refusal(() => matchPictures(folder, measured))).toMatch(
      /a\.png: .*\/a is there as .*\/a\.npy too; expected one of them$/,
    );
  });

  it('answer problems of one kind, that of the first picture', async () => {
    const { measured, folder, file } = place();
    writeManifest(measured, [entries[0]!, exampleEntry('b', { kind: 'segment' })]);
    await writeFlat(file(1));
    expect(refusal(() => matchPictures(folder, measured))).toMatch(
      /b\.png: found RGB, expected the index of a class for each pixel, 8-bit grey$/,
    );
    await writeFlat(file(0));
    expect(refusal(() => matchPictures(folder, measured))).toMatch(
      /answers problems of two kinds, .*\/a \(restore\) and .*\/b \(segment\); expected a folder for each$/,
    );
    writeManifest(measured, []);
    expect(refusal(() => matchPictures(folder, measured))).toMatch(
      /has no problem, which a picture would answer$/,
    );
  });
});
