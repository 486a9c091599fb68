import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import {
  type Entry,
  MANIFEST,
  MANIFEST_FORMAT,
  MANIFEST_VERSION,
  type Manifest,
} from '../../harness/measured/manifest.ts';

const SETTING = 'ab'.repeat(32);

/** One problem of 8 x 6 pixels. */
export function exampleEntry(id: string, keys: Partial<Entry> = {}): Entry {
  const name = `denoising-abababab/seed-0/${id}`;
  return {
    name,
    setting: SETTING,
    kind: 'restore',
    task: 'denoising',
    version: 1,
    parameters: {},
    data: 'faces',
    imageShape: [3, 6, 8],
    id,
    seed: 0,
    rng: 'philox',
    pixels: 'cd'.repeat(32),
    sigma: 0.1,
    noise: 'gaussian',
    operator: { name: 'identity', linear: true },
    y: `measurements/${name}.npy`,
    picture: `measurements/${name}.png`,
    arrays: {},
    truth: `truths/${name}.png`,
    truths: {},
    ...keys,
  };
}

export function writeManifest(folder: string, entries: readonly Entry[]): void {
  const manifest: Manifest = {
    format: MANIFEST_FORMAT,
    version: MANIFEST_VERSION,
    tweedie: 'test',
    experiment: 'one',
    entries: [...entries],
    sha256: {},
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, MANIFEST), JSON.stringify(manifest));
}

/** A grey-level PNG of a flat colour. */
export async function writeFlat(
  file: string,
  { width = 8, height = 6, level = 100, channels = 3 as 3 | 4 } = {},
): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const background = { r: level, g: level, b: level, alpha: 1 };
  await sharp({ create: { width, height, channels, background } }).png().toFile(file);
}
