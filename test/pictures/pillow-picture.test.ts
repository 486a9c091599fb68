import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { changesOf, PILLOW_RULES } from '../../harness/pictures/picture-changes.ts';
import { openPicture } from '../../harness/pictures/picture-content.ts';
import { decodeAsPillow } from '../../harness/pictures/pillow-picture.ts';

// test/fixtures/pillow/make.py: sha256 of the bytes of Image.open(file).convert('RGB'), Pillow 13.0.0.
const folder = fileURLToPath(new URL('../fixtures/pillow', import.meta.url));
const expected: Record<string, { mode: string; sha256: string }> = JSON.parse(
  readFileSync(join(folder, 'expected.json'), 'utf8'),
);
const files = Object.entries(expected).map(([name, { mode, sha256 }]) => [name, mode, sha256] as const);

describe("a picture is read to the bytes of Pillow's convert('RGB')", () => {
  test.each(files)('%s, mode %s', async (name, _mode, sha256) => {
    const { width, height, data } = await decodeAsPillow(await openPicture(join(folder, name)));
    expect([width, height]).toEqual([13, 9]);
    expect(createHash('sha256').update(data).digest('hex')).toBe(sha256);
  });
});

describe('what that did to the picture', () => {
  test.each([
    ['rgb.png', []],
    ['plain.jpg', []],
    ['lossy.webp', []],
    ['gamma.png', []],
    ['profile.png', ['with a colour profile, ignored']],
    ['profile.jpg', ['with a colour profile, ignored']],
    ['profile.webp', ['with a colour profile, ignored']],
    ['turned.png', ['with an EXIF orientation, ignored']],
    ['turned.jpg', ['with an EXIF orientation, ignored']],
    ['rgba.png', ['with an alpha channel, dropped']],
    ['rgb-transparent-colour.png', ['with an alpha channel, dropped']],
    ['rgba-lossy.webp', ['with an alpha channel, dropped']],
    ['cmyk.jpg', ['in CMYK, converted without a profile']],
    ['rgb-16.png', ['of more than 8 bits, cut to 8']],
    ['grey.png', ['in greyscale, repeated to RGB']],
    ['one-bit.png', ['in greyscale, repeated to RGB']],
    ['palette-two-bit.png', ['with a palette, looked up']],
    ['palette-transparent.png', ['with an alpha channel, dropped', 'with a palette, looked up']],
    [
      'grey-16.png',
      ['in 16-bit greyscale, every value above 255 taken for 255', 'in greyscale, repeated to RGB'],
    ],
    [
      'grey-alpha-16.png',
      ['with an alpha channel, dropped', 'of more than 8 bits, cut to 8', 'in greyscale, repeated to RGB'],
    ],
  ] as const)('%s', async (name, changes) => {
    const { facts } = await openPicture(join(folder, name));
    expect(changesOf([facts], PILLOW_RULES).map(({ what }) => what)).toEqual(changes);
  });

  test('the example says which profile, and which orientation', async () => {
    const facts = await Promise.all(
      ['profile.jpg', 'turned.jpg'].map(async (name) => (await openPicture(join(folder, name))).facts),
    );
    expect(changesOf(facts, PILLOW_RULES).map(({ count, example }) => [count, example])).toEqual([
      [1, 'profile.jpg (P3-like)'],
      [1, 'turned.jpg (orientation 6)'],
    ]);
  });
});
