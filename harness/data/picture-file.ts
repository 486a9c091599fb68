import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import sharp from 'sharp';
import { UserError } from '../errors.ts';
import type { Image8 } from '../metrics/metric.ts';

/**
 * Reads a picture of any format that sharp knows as 8-bit RGB: turned upright (EXIF orientation), converted to sRGB by its
 * embedded profile, transparency laid on white. An 8-bit RGB PNG comes back exactly as it was written.
 * Throws UserError naming the file if it cannot be decoded to the end.
 * @param content the file's bytes, where they have been read already
 */
export async function readPicture(file: string, content: string | Buffer = file): Promise<Image8> {
  try {
    const { data, info } = await sharp(content, { failOn: 'warning' })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels: 3, data: rgb(data, info.channels) };
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0]!.trim();
    throw new UserError(
      `${file}: not a readable picture (${reason}); expected a whole PNG, JPEG or WebP file`,
    );
  }
}

/** Greyscale pictures come with one channel. */
function rgb(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return new Uint8Array(data);
  const out = new Uint8Array((data.length / channels) * 3);
  for (let i = 0; i < out.length; i++) out[i] = data[Math.floor(i / 3) * channels]!;
  return out;
}

/**
 * The picture at another size: the largest centred window of the target's aspect (its sides rounded to whole pixels, the
 * odd pixel left off at the right and bottom), then Lanczos-3 resampling (sharp), up or down.
 */
export async function cropAndResize(
  picture: Image8,
  { height, width }: { height: number; width: number },
): Promise<Image8> {
  const scale = Math.min(picture.width / width, picture.height / height);
  const window = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
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

/** Writes an RGB picture as an 8-bit PNG; a reader never sees half a file. */
export async function writePng(file: string, picture: Image8): Promise<void> {
  const { width, height, data } = picture;
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 9, adaptiveFiltering: true })
      .toFile(temporary);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
