import { describe, expect, it } from 'vitest';
import type { PictureFacts } from '../../harness/pictures/picture-content.ts';
import { pictureNotes, pictureProtocol, type SelectedPicture } from '../../harness/plan/picture-notes.ts';

const size = { width: 64, height: 64 };

function from(file: string, facts: Partial<PictureFacts> = {}, sha256 = file): SelectedPicture {
  const plain = {
    format: 'png',
    width: 64,
    height: 64,
    colours: 'rgb',
    bits: 8,
    alpha: null,
    palette: false,
    profile: null,
    orientation: 1,
  } as const;
  return { id: file, sha256, source: { ...plain, file: `/pictures/${file}`, ...facts } };
}

describe('what the pictures of a folder went through', () => {
  it('is nothing for 8-bit RGB of the size that the prior wants, or for pictures that are painted', () => {
    const pictures = [from('a.png'), { id: 'test/00000', sha256: '1', source: undefined }];
    expect(pictureNotes(pictures, size)).toEqual([]);
    expect(pictureProtocol(pictures, size)).toEqual({ files: 'png, 8-bit RGB' });
  });

  it('is a line a kind, with how many and one of them, and part of the protocol without numbers', () => {
    const pictures = [
      from('a.png'),
      from('p3.jpg', { profile: 'Display P3' }),
      from('turned.jpg', { orientation: 8, width: 128, height: 64 }),
      from('glass.png', { alpha: 'channel' }),
      from('ink.jpg', { colours: 'cmyk', width: 640, height: 640 }),
      from('deep.png', { bits: 16, colours: 'grey' }),
      from('dot.png', { width: 1, height: 1, palette: true }),
    ];
    expect(pictureNotes(pictures, size)).toEqual([
      '1 of 7 pictures with a colour profile, converted to sRGB: p3.jpg (Display P3) for one',
      '1 of 7 pictures with an EXIF orientation, turned upright: turned.jpg (orientation 8) for one',
      '1 of 7 pictures with an alpha channel, laid on white: glass.png for one',
      '1 of 7 pictures in CMYK, converted to sRGB: ink.jpg for one',
      '1 of 7 pictures of more than 8 bits, cut to 8: deep.png for one',
      '1 of 7 pictures with a palette, looked up: dot.png for one',
      '1 of 7 pictures in greyscale, repeated to RGB: deep.png for one',
      '1 of 7 pictures of another aspect, cropped around the centre: turned.jpg (64x128) for one',
      '1 of 7 pictures reduced to 64x64: ink.jpg (640x640) for one',
      '1 of 7 pictures enlarged to 64x64: dot.png (1x1) for one',
    ]);
    expect(pictureProtocol(pictures.slice(0, 3), size)).toEqual({
      files: 'png, 8-bit RGB',
      truths:
        'with a colour profile, converted to sRGB; with an EXIF orientation, turned upright; ' +
        'of another aspect, cropped around the centre',
    });
  });

  it('names pictures that are equal', () => {
    expect(
      pictureNotes([from('a.png', {}, '1'), from('b.png', {}, '2'), from('c.png', {}, '1')], size),
    ).toEqual([
      '1 of 3 pictures equal another one, and count as one more in means and intervals: c.png and a.png for two',
    ]);
  });
});
