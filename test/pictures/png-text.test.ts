import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { descriptionOf, withDescription } from '../../harness/pictures/png-text.ts';

const raw = { width: 2, height: 1, channels: 3 as const };
const pixels = Uint8Array.from([1, 2, 3, 250, 251, 252]);
const png = () => sharp(pixels, { raw }).png().toBuffer();

describe('what a PNG shows, in words', () => {
  it('is kept in the file, and its pixels are the same', async () => {
    const described = withDescription(await png(), 'a face in Zürich, 笑');
    expect(descriptionOf(described)).toBe('a face in Zürich, 笑');
    // libpng refuses a chunk with a wrong checksum.
    expect(new Uint8Array(await sharp(described, { failOn: 'warning' }).raw().toBuffer())).toEqual(pixels);
  });

  it('is a chunk with the checksum that the specification asks for', async () => {
    const bare = await png();
    const chunk = withDescription(bare, 'a').subarray(33, 33 + 4 + 4 + 17 + 4);
    // python3 -c "import zlib; print(hex(zlib.crc32(b'iTXtDescription\0\0\0\0\0a')))"
    expect(chunk.subarray(-4).toString('hex')).toBe('6ad24d9d');
    expect(chunk.readUInt32BE(0)).toBe(17);
  });

  it('is nothing where nobody has said it', async () => {
    expect(descriptionOf(await png())).toBeNull();
  });
});
