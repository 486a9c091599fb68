import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, test } from 'vitest';
import { openDataset } from '../../harness/data/index.ts';
import { UserError } from '../../harness/errors.ts';
import { toImage8 } from '../../harness/pictures/image8.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tweedie-folder-'));
});

type Colour = readonly number[];

/** A picture painted by a function of column and row. */
function paint(width: number, height: number, colour: (x: number, y: number) => Colour) {
  const pixels = Array.from({ length: width * height }, (_, i) => colour(i % width, Math.floor(i / width)));
  const channels = pixels[0]!.length as 1 | 3 | 4;
  return sharp(Uint8Array.from(pixels.flat()), { raw: { width, height, channels } });
}

/** The 8-bit RGB pixels of a file of the folder at the given size. */
async function pixels(name: string, height: number, width: number): Promise<Colour[]> {
  const item = await openDataset({ folder }).item(name, { height, width });
  expect([item.id, item.height, item.width, item.caption]).toEqual([name, height, width, undefined]);
  const { data } = toImage8(item.image, [3, height, width]);
  return Array.from({ length: height * width }, (_, i) => [...data.subarray(3 * i, 3 * i + 3)]);
}

function expectAllNear(found: Colour[], expected: Colour, tolerance: number): void {
  for (const pixel of found) {
    for (const [c, value] of pixel.entries()) {
      expect(Math.abs(value - expected[c]!), `${pixel} is not near ${expected}`).toBeLessThanOrEqual(
        tolerance,
      );
    }
  }
}

/** sinc(t) sinc(t / 3) on [-3, 3]. */
function lanczos3(t: number): number {
  if (t === 0) return 1;
  const p = Math.PI * t;
  return Math.abs(t) < 3 ? (3 * Math.sin(p) * Math.sin(p / 3)) / (p * p) : 0;
}

const RED = [255, 0, 0];
const GREEN = [0, 255, 0];
const BLUE = [0, 0, 255];

describe('the rule that makes an item of a picture', () => {
  test('a PNG of the wanted size comes through unchanged', async () => {
    const colour = (x: number, y: number) => [x * 30, y * 40, (x * y) % 256];
    await paint(8, 6, colour).png().toFile(join(folder, 'a.png'));
    const expected = Array.from({ length: 48 }, (_, i) => colour(i % 8, Math.floor(i / 8)));
    expect(await pixels('a.png', 6, 8)).toEqual(expected);
  });

  test('a wide picture loses its sides, a tall one its top and bottom', async () => {
    await paint(96, 32, (x) => (x < 32 ? RED : x < 64 ? GREEN : BLUE))
      .png()
      .toFile(join(folder, 'wide.png'));
    await paint(32, 96, (_, y) => (y < 32 ? RED : y < 64 ? GREEN : BLUE))
      .png()
      .toFile(join(folder, 'tall.png'));
    expectAllNear(await pixels('wide.png', 32, 32), GREEN, 0);
    expectAllNear(await pixels('tall.png', 32, 32), GREEN, 0);
    expectAllNear(await pixels('wide.png', 8, 8), GREEN, 0);
  });

  test('the window has the aspect of the target', async () => {
    await paint(64, 64, (_, y) => (y < 16 ? RED : y < 48 ? GREEN : BLUE))
      .png()
      .toFile(join(folder, 'square.png'));
    expectAllNear(await pixels('square.png', 16, 32), GREEN, 0);
  });

  test('resizing is Lanczos with three lobes', async () => {
    const grey = (x: number) => (x < 30 ? 64 : 192);
    await paint(64, 64, (x) => [grey(x), grey(x), grey(x)])
      .png()
      .toFile(join(folder, 'edge.png'));
    const found = (await pixels('edge.png', 16, 16)).slice(0, 16).map(([r]) => r!);
    const expected = Array.from({ length: 16 }, (_, i) => {
      const weights = Array.from({ length: 64 }, (_, x) => lanczos3((x + 0.5) / 4 - (i + 0.5)));
      const total = weights.reduce((sum, w) => sum + w, 0);
      return weights.reduce((sum, w, x) => sum + w * grey(x), 0) / total;
    });
    for (const [i, value] of found.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(2);
  });

  test('small pictures are enlarged', async () => {
    await paint(3, 3, () => [10, 120, 230])
      .png()
      .toFile(join(folder, 'small.png'));
    expectAllNear(await pixels('small.png', 16, 16), [10, 120, 230], 1);
  });

  test('a JPEG lying on its side is turned upright', async () => {
    // Orientation 6: the stored top is the right-hand side of the picture.
    await paint(32, 32, (_, y) => (y < 16 ? RED : BLUE))
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toFile(join(folder, 'turned.jpg'));
    const found = await pixels('turned.jpg', 32, 32);
    const column = (from: number, to: number) => found.filter((_, i) => i % 32 >= from && i % 32 < to);
    expectAllNear(column(0, 12), BLUE, 6);
    expectAllNear(column(20, 32), RED, 6);
  });

  test('transparency is laid on white', async () => {
    await paint(8, 8, (x) => (x < 4 ? [255, 0, 0, 128] : [0, 0, 0, 0]))
      .png()
      .toFile(join(folder, 'glass.png'));
    const found = await pixels('glass.png', 8, 8);
    expectAllNear(
      found.filter((_, i) => i % 8 < 4),
      [255, 127, 127],
      1,
    );
    expectAllNear(
      found.filter((_, i) => i % 8 >= 4),
      [255, 255, 255],
      0,
    );
  });

  test('a greyscale picture has three equal channels', async () => {
    await paint(8, 8, () => [77])
      .toColourspace('b-w')
      .png()
      .toFile(join(folder, 'grey.png'));
    await paint(8, 8, () => [77])
      .toColourspace('b-w')
      .jpeg({ quality: 100 })
      .toFile(join(folder, 'grey.jpg'));
    expect((await sharp(join(folder, 'grey.png')).metadata()).channels).toBe(1);
    expectAllNear(await pixels('grey.png', 8, 8), [77, 77, 77], 0);
    expectAllNear(await pixels('grey.jpg', 8, 8), [77, 77, 77], 1);
  });

  test('a CMYK JPEG becomes sRGB', async () => {
    await paint(16, 16, () => [150, 110, 90])
      .toColourspace('cmyk')
      .jpeg({ quality: 100 })
      .toFile(join(folder, 'ink.jpg'));
    expect((await sharp(join(folder, 'ink.jpg')).metadata()).space).toBe('cmyk');
    expectAllNear(await pixels('ink.jpg', 16, 16), [150, 110, 90], 16);
  });

  test('a 16-bit PNG keeps its brightness', async () => {
    await paint(8, 8, () => [200, 100, 50])
      .toColourspace('rgb16')
      .png()
      .toFile(join(folder, 'deep.png'));
    expect((await sharp(join(folder, 'deep.png')).metadata()).depth).toBe('ushort');
    expectAllNear(await pixels('deep.png', 8, 8), [200, 100, 50], 1);
  });

  test('WebP is read, and letter case of the ending does not matter', async () => {
    await paint(8, 8, () => [12, 34, 56])
      .webp({ lossless: true })
      .toFile(join(folder, 'web.WEBP'));
    expectAllNear(await pixels('web.WEBP', 8, 8), [12, 34, 56], 0);
  });

  test('the sha256 is of the pixels, not of the file', async () => {
    const picture = paint(8, 8, (x, y) => [x, y, 9]);
    await picture.clone().png({ compressionLevel: 0 }).toFile(join(folder, 'a.png'));
    await picture.clone().webp({ lossless: true }).toFile(join(folder, 'b.webp'));
    await paint(8, 8, (x, y) => [x, y, 10])
      .png()
      .toFile(join(folder, 'c.png'));
    const set = openDataset({ folder });
    const [a, b, c] = await Promise.all(
      (await set.ids('test')).map(async (id) => (await set.item(id, { height: 8, width: 8 })).sha256),
    );
    expect(a).toBe(b);
    expect(c).not.toBe(a);
  });
});

describe('the pictures of a folder', () => {
  test('are its own visible PNG, JPEG and WebP files in code-unit order, all in the split test', async () => {
    for (const name of ['b.png', 'B.png', 'a10.jpg', 'a9.jpeg', 'notes.txt', '.hidden.png', 'é.webp']) {
      writeFileSync(join(folder, name), 'not looked at yet');
    }
    mkdirSync(join(folder, 'inner'));
    const set = openDataset({ folder });
    expect(await set.ids('test')).toEqual(['B.png', 'a10.jpg', 'a9.jpeg', 'b.png', 'é.webp']);
    expect(await set.ids('train')).toEqual([]);
    expect(await set.ids('validation')).toEqual([]);
  });
});

describe('mistakes give one clear line', () => {
  const line = async (promise: Promise<unknown>): Promise<string> => {
    const error = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UserError);
    const { message } = error as UserError;
    expect(message).not.toContain('\n');
    return message;
  };
  const size = { height: 8, width: 8 };

  test('a folder that is not there', async () => {
    const path = join(folder, 'nowhere');
    expect(await line(openDataset({ folder: path }).ids('test'))).toBe(
      `cannot read the picture folder ${path}: there is no such folder`,
    );
  });

  test('a file in place of a folder', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    expect(await line(openDataset({ folder: path }).ids('test'))).toBe(
      `cannot read the picture folder ${path}: it is a file`,
    );
  });

  test('a folder without pictures', async () => {
    const expected = 'expected files ending in .png, .jpg, .jpeg, .webp';
    expect(await line(openDataset({ folder }).ids('test'))).toBe(
      `the folder ${folder} holds no picture: found nothing, ${expected}`,
    );
    writeFileSync(join(folder, 'notes.txt'), '');
    expect(await line(openDataset({ folder }).ids('test'))).toBe(
      `the folder ${folder} holds no picture: found 1 other entries, ${expected}`,
    );
  });

  test('pictures one level down, with the folders that hold them', async () => {
    for (const inner of ['00000', '01000', 'empty']) mkdirSync(join(folder, inner));
    for (const inner of ['00000', '01000']) writeFileSync(join(folder, inner, '0.png'), '');
    expect(await line(openDataset({ folder }).ids('test'))).toBe(
      `the folder ${folder} holds no picture: sub-folders are not read; give one of ${folder}/00000, ${folder}/01000`,
    );
  });

  test('a folder and a dangling link with the names of pictures', async () => {
    writeFileSync(join(folder, 'a.png'), 'not looked at yet');
    symlinkSync('nowhere.png', join(folder, 'c.png'));
    expect(await line(openDataset({ folder }).ids('test'))).toBe(
      `${folder}/c.png: expected a file, found a link to nowhere.png, which is not there`,
    );
    mkdirSync(join(folder, 'b.png'));
    expect(await line(openDataset({ folder }).ids('test'))).toBe(
      `${folder}/b.png: expected a file, found a folder`,
    );
  });

  test('a file that is no picture', async () => {
    writeFileSync(join(folder, 'fake.png'), 'just text');
    const message = await line(openDataset({ folder }).item('fake.png', size));
    expect(message).toContain(`${join(folder, 'fake.png')}: not a readable picture (`);
    expect(message).toContain('expected a whole PNG, JPEG or WebP file');
  });

  test.each(['jpeg', 'png', 'webp'] as const)('a %s file cut short', async (format) => {
    const whole = await paint(64, 64, (x, y) => [(x * 37 + y * 91) % 256, (x * y) % 256, (y * 53) % 256])
      .toFormat(format)
      .toBuffer();
    const name = `cut.${format}`;
    writeFileSync(join(folder, name), whole.subarray(0, Math.floor(whole.length / 2)));
    expect(await line(openDataset({ folder }).item(name, size))).toContain(
      `${join(folder, name)}: not a readable picture`,
    );
  });

  test('an id that is not there, with the nearest', async () => {
    await paint(8, 8, () => RED)
      .png()
      .toFile(join(folder, 'portrait.png'));
    expect(await line(openDataset({ folder }).item('portrai.png', size))).toBe(
      `${folder} holds no picture "portrai.png"; the nearest name is "portrait.png"`,
    );
    await line(openDataset({ folder }).item('../portrait.png', size));
  });

  test('a data set that is not there, with the nearest', () => {
    expect(() => openDataset({ set: 'toyface' })).toThrow(
      new UserError('unknown data set "toyface"; the nearest name is "toyfaces"'),
    );
  });
});
