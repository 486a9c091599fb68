import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import sharp from 'sharp';
import { picturesOf } from '../data/folder.ts';
import { readPicture } from '../data/picture-file.ts';
import type { Image8 } from '../metrics/metric.ts';

/** A folder of pictures, by name without extension. */
export interface PictureFolder {
  /** Absolute. */
  readonly path: string;
  /** File names in code-unit order. */
  readonly files: readonly string[];
}

/** What a picture's file says of itself, as far as it may spoil a comparison. */
export interface PictureFacts {
  readonly file: string;
  readonly sha256: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly alpha: boolean;
  readonly bits: number;
  /** sRGB, b-w, cmyk, ... as sharp names it. */
  readonly space: string;
  /** Whether its values reach both ends of the scale, as every picture does that was stretched to its own range. */
  readonly fullRange: boolean;
}

/** @throws UserError for a folder that is missing or holds no picture. */
export async function openPictures(folder: string): Promise<PictureFolder> {
  return { path: resolve(folder), files: await picturesOf(resolve(folder)) };
}

/** The name that pairs a picture with its namesake of another format. */
export function stemOf(file: string): string {
  return basename(file, extname(file));
}

/**
 * Reads a picture as 8-bit RGB (greyscale repeated, CMYK and profiles converted to sRGB, transparency laid on white,
 * 16 bits cut to 8), with what its file says of itself.
 * @throws UserError for a file that is no whole picture
 */
export async function readWithFacts(
  { path }: PictureFolder,
  name: string,
): Promise<{ image: Image8; facts: PictureFacts }> {
  const file = join(path, name);
  const content = await readFile(file);
  const image = await readPicture(file, content);
  const { format, hasAlpha, depth, space } = await sharp(content).metadata();
  let [low, high] = [255, 0];
  for (const value of image.data) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return {
    image,
    facts: {
      file,
      sha256: createHash('sha256').update(content).digest('hex'),
      format,
      width: image.width,
      height: image.height,
      alpha: hasAlpha,
      bits: BITS[depth] ?? 8,
      space,
      fullRange: low === 0 && high === 255,
    },
  };
}

const BITS: Readonly<Record<string, number>> = {
  uchar: 8,
  ushort: 16,
  short: 16,
  uint: 32,
  int: 32,
  float: 32,
};
