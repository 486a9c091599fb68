import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { contactSheet } from '../../harness/pictures/contact-sheet.ts';
import type { Image8 } from '../../harness/pictures/image8.ts';
import { fromImage8, toImage8 } from '../../harness/pictures/image8.ts';
import { readPicture, writePng } from '../../harness/pictures/picture-file.ts';

/** Every byte value occurs in every channel. */
const everyValue: Image8 = {
  width: 32,
  height: 16,
  channels: 3,
  data: Uint8Array.from({ length: 32 * 16 * 3 }, (_, i) => (Math.floor(i / 3) * [1, 3, 7][i % 3]!) % 256),
};

function flat(colour: readonly [number, number, number], width = 2, height = 1): Image8 {
  return {
    width,
    height,
    channels: 3,
    data: Uint8Array.from({ length: width * height * 3 }, (_, i) => colour[i % 3]!),
  };
}

describe('PNG files', () => {
  test('hold exactly the pixels that were written, and nothing else is left in the folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tweedie-png-'));
    const file = join(folder, 'new', 'picture.png');
    await writePng(file, everyValue);
    expect(await readPicture(file)).toEqual(everyValue);
    expect(readdirSync(join(folder, 'new'))).toEqual(['picture.png']);
    const { depth, channels, format } = await sharp(file).metadata();
    expect({ depth, channels, format }).toEqual({ depth: 'uchar', channels: 3, format: 'png' });
  });

  test('a write that fails leaves nothing behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tweedie-png-'));
    await expect(writePng(join(folder, 'bad.png'), { ...everyValue, height: 99 })).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('network values of a picture', () => {
  test('are planes in [-1,1], and give every byte back exactly', () => {
    const values = fromImage8(everyValue);
    expect(toImage8(values, [3, 16, 32])).toEqual(everyValue);
    expect(Math.min(...values)).toBe(-1);
    expect(Math.max(...values)).toBe(1);
    expect([...fromImage8(flat([0, 255, 51]))]).toEqual([-1, -1, 1, 1, Math.fround(-0.6), Math.fround(-0.6)]);
  });
});

describe('a contact sheet', () => {
  test('shows the pictures in rows, enlarged pixel by pixel, on white', () => {
    const sheet = contactSheet([flat([1, 1, 1]), flat([2, 2, 2]), flat([3, 3, 3])], {
      columns: 2,
      zoom: 2,
      gap: 1,
    });
    const rows = Array.from({ length: sheet.height }, (_, y) =>
      Array.from({ length: sheet.width }, (_, x) =>
        sheet.data[(y * sheet.width + x) * 3]!.toString().padStart(3),
      ).join(' '),
    );
    expect(rows).toEqual([
      '255 255 255 255 255 255 255 255 255 255 255',
      '255   1   1   1   1 255   2   2   2   2 255',
      '255   1   1   1   1 255   2   2   2   2 255',
      '255 255 255 255 255 255 255 255 255 255 255',
      '255   3   3   3   3 255 255 255 255 255 255',
      '255   3   3   3   3 255 255 255 255 255 255',
      '255 255 255 255 255 255 255 255 255 255 255',
    ]);
  });

  test('needs pictures of one size', () => {
    const layout = { columns: 2, zoom: 1, gap: 0 };
    expect(() => contactSheet([], layout)).toThrow(RangeError);
    expect(() => contactSheet([flat([1, 1, 1]), flat([1, 1, 1], 3)], layout)).toThrow(RangeError);
  });
});
