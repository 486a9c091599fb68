import { writeFileAside } from '../write-file.ts';
import type { Image8, PictureSize } from './image8.ts';
import { decodeRgb, openPicture, type PictureContent } from './picture-content.ts';
import { sharp } from './sharp.ts';

/**
 * Decodes a picture as people see it, in 8-bit RGB: turned upright (EXIF orientation), converted to sRGB by its embedded
 * profile, transparency laid on white. An 8-bit RGB PNG comes back exactly as it was written.
 * @throws UserError naming the file if it cannot be decoded to the end
 */
export function decodeUpright(picture: PictureContent): Promise<Image8> {
  return decodeRgb(picture, (input) => input.autoOrient().flatten({ background: '#ffffff' }));
}

/** Opens a picture and decodes it upright. Throws UserError for a file that is no whole PNG, JPEG or WebP. */
export async function readPicture(file: string): Promise<Image8> {
  return decodeUpright(await openPicture(file));
}

/** The largest centred window of the target's aspect, its sides rounded to whole pixels. */
export function cropWindow(picture: PictureSize, { height, width }: PictureSize): PictureSize {
  const scale = Math.min(picture.width / width, picture.height / height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/**
 * The picture at another size: the largest centred window of the target's aspect (the odd pixel left off at the right
 * and bottom), then Lanczos-3 resampling (sharp), up or down.
 */
export async function cropAndResize(picture: Image8, { height, width }: PictureSize): Promise<Image8> {
  const window = cropWindow(picture, { height, width });
  const data = await sharp(picture.data, {
    raw: { width: picture.width, height: picture.height, channels: 3 },
  })
    .extract({
      left: Math.floor((picture.width - window.width) / 2),
      top: Math.floor((picture.height - window.height) / 2),
      ...window,
    })
    .resize({ width, height, fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
  return { width, height, channels: 3, data: new Uint8Array(data) };
}

/** Writes an RGB or grey picture as an 8-bit PNG; a reader never sees half a file. */
export async function writePng(file: string, picture: Image8): Promise<void> {
  writeFileAside(file, await pngBytes(picture));
}

/** An 8-bit PNG of a picture of three channels or one. */
export function pngBytes({ width, height, channels, data }: Image8): Promise<Buffer> {
  const raw = { width, height, channels: channels as 1 | 3 };
  return sharp(data, { raw })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png({ compressionLevel: 9, adaptiveFiltering: true })
    .toBuffer();
}
