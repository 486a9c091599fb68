import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { Image8 } from '../metrics/metric.ts';
import { writeSafetensors } from '../networks/safetensors-writer.ts';
import type { StoredImage } from '../store/records.ts';

/**
 * Writes a picture as `images/<ab>/<sha256 of the file>.png` below the results folder. A reader never sees half a file,
 * and the same picture written twice, even by two processes, is one file.
 */
export async function writeImage(resultsDir: string, image: Image8): Promise<StoredImage> {
  const { width, height, channels } = image;
  const raw = { width, height, channels: channels as 1 | 2 | 3 | 4 };
  const png = await sharp(image.data, { raw }).png({ compressionLevel: 9 }).toBuffer();
  const sha256 = createHash('sha256').update(png).digest('hex');
  const path = `images/${sha256.slice(0, 2)}/${sha256}.png`;
  await writeDurably(join(resultsDir, path), png);
  return { path, sha256, width, height };
}

/** Reads a picture back, as `writeImage` was given it. */
export async function readImage(resultsDir: string, path: string): Promise<Image8> {
  const { data, info } = await sharp(join(resultsDir, path)).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, data: new Uint8Array(data) };
}

/** Writes a solver's output, before clipping and rounding, as the tensor `image` [C,H,W] of a safetensors file. */
export async function writeTensor(
  resultsDir: string,
  cellKey: string,
  data: Float32Array,
  shape: readonly number[],
): Promise<string> {
  const path = `tensors/${cellKey.slice(0, 2)}/${cellKey}.safetensors`;
  const file = join(resultsDir, path);
  await mkdir(dirname(file), { recursive: true });
  writeSafetensors(file, [{ name: 'image', shape, data }]);
  return path;
}

async function writeDurably(file: string, content: Uint8Array): Promise<void> {
  if (existsSync(file)) return;
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}
