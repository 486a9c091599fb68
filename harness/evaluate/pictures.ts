import { createHash } from 'node:crypto';
import { basename, extname, resolve } from 'node:path';
import { picturesOf } from '../data/folder.ts';
import type { Image8 } from '../pictures/image8.ts';
import { changesOf, PILLOW_RULES } from '../pictures/picture-changes.ts';
import type { PictureContent, PictureFacts } from '../pictures/picture-content.ts';
import { decodeAsPillow } from '../pictures/pillow-picture.ts';

/** A folder of pictures, by name without extension. */
export interface PictureFolder {
  /** Absolute. */
  readonly path: string;
  /** File names in code-unit order. */
  readonly files: readonly string[];
}

/** What is known of a picture that has been decoded, as far as it may spoil a comparison. */
export interface SeenPicture extends PictureFacts {
  /** Of the file. */
  readonly sha256: string;
  /** What its features are kept by: the file's sha256, or where reading changed what it holds, that of the pixels. */
  readonly featuresKey: string;
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
 * Decodes a picture as Python's scripts do, with what its file and its pixels say.
 * @throws UserError for a file that is no whole picture
 */
export async function look(picture: PictureContent): Promise<{ image: Image8; facts: SeenPicture }> {
  const image = await decodeAsPillow(picture);
  const sha256 = createHash('sha256').update(picture.content).digest('hex');
  const changed = changesOf([picture.facts], PILLOW_RULES).length > 0;
  const featuresKey = changed ? pixelsSha256(image) : sha256;
  return { image, facts: { ...picture.facts, sha256, featuresKey, fullRange: reachesBothEnds(image) } };
}

function pixelsSha256({ width, height, data }: Image8): string {
  return createHash('sha256').update(`RGB ${width}x${height}\n`).update(data).digest('hex');
}

function reachesBothEnds({ data }: Image8): boolean {
  return data.includes(0) && data.includes(255);
}
