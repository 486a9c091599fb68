import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { SafetensorsFile } from '../networks/safetensors.ts';
import { type NamedTensor, writeSafetensors } from '../networks/safetensors-writer.ts';
import type { Image8 } from '../pictures/image8.ts';
import type { Media } from '../pictures/media.ts';
import { withDescription } from '../pictures/png-text.ts';
import { sharp } from '../pictures/sharp.ts';
import { bytesOfFile } from '../regular-file.ts';
import type { StoredImage } from '../store/records.ts';
import { readStored } from '../store/stored-file.ts';
import { writeFileAside } from '../write-file.ts';
import { RecentBytes } from './recent-bytes.ts';

/**
 * Writes a picture as `images/<ab>/<sha256 of the file>.png` below the results folder. A reader never sees half a file,
 * and the same picture written twice, even by two processes, is one file.
 * @param description what it shows in words, kept in the file
 */
export async function writeImage(
  resultsDir: string,
  image: Image8,
  media: Media = 'picture',
  description?: string | undefined,
): Promise<StoredImage> {
  const bare = await pngOf(image, media);
  const png = description === undefined ? bare : withDescription(bare, description);
  const sha256 = hash(png);
  const path = `images/${sha256.slice(0, 2)}/${sha256}.png`;
  const file = join(resultsDir, path);
  // A name is no proof: a file of that name may have been damaged since.
  if (!bytesOfFile(file)?.equals(png)) writeFileAside(file, png, { durable: true });
  return { path, sha256 };
}

export async function pngOf(image: Image8, media: Media = 'picture'): Promise<Buffer> {
  const key = `${image.width}x${image.height}x${image.channels} ${media} ${hash(image.data)}`;
  const png = lately.get(key) ?? (await encode(image, media));
  lately.keep(key, png);
  return png;
}

/** Every method is given the same pictures, and has the same truths: encoding one costs more than a cheap method does. */
const lately = new RecentBytes(32 * 2 ** 20);

function encode(image: Image8, media: Media): Promise<Buffer> {
  const { width, height, channels } = image;
  const raw = { width, height, channels: channels as 1 | 2 | 3 | 4 };
  const drawn = sharp(image.data, { raw });
  // Grey pictures have three equal channels; labels are numbers, and have one.
  const file8 = media === 'labels' ? drawn.toColourspace('b-w') : drawn;
  return file8.png({ compressionLevel: 9 }).toBuffer();
}

/**
 * Reads a picture back, as `writeImage` was given it.
 * @throws UserError where it is missing or not what was stored
 */
export async function readImage(resultsDir: string, path: string): Promise<Image8> {
  const png = readStored(resultsDir, path);
  const drawn = sharp(png);
  const bands = (await drawn.metadata()).channels === 1 ? drawn.toColourspace('b-w') : drawn;
  const { data, info } = await bands.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, data: new Uint8Array(data) };
}

/** Where a cell's tensor lies, relative to the results folder. */
export function tensorPath(cellKey: string): string {
  return `tensors/${cellKey.slice(0, 2)}/${cellKey}.safetensors`;
}

/**
 * Writes a solver's output, before clipping and rounding, as the tensor `image` [C,H,W] of a safetensors file, and what belongs
 * to it under names of its own.
 */
export function writeTensor(
  resultsDir: string,
  cellKey: string,
  data: Float32Array,
  shape: readonly number[],
  beside: readonly NamedTensor[] = [],
): { path: string; sha256: string } {
  const path = tensorPath(cellKey);
  const file = join(resultsDir, path);
  makeFolder(dirname(file));
  writeSafetensors(file, [{ name: 'image', shape, data }, ...beside]);
  return { path, sha256: hash(readFileSync(file)) };
}

/**
 * A solver's output as `writeTensor` was given it, or what is beside it.
 * @param sha256 of the file; null where that is not known
 * @throws UserError where it is missing or not what was stored
 */
export function readTensor(
  resultsDir: string,
  path: string,
  sha256: string | null,
  name = 'image',
): Float32Array {
  readStored(resultsDir, path, sha256);
  const file = new SafetensorsFile(join(resultsDir, path));
  try {
    return file.readFloat32(name);
  } finally {
    file.close();
  }
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
