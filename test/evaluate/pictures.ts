import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { temporaryFolder } from '../store/example.ts';

type Paint = (x: number, y: number, channel: number) => number;

/** Two empty folders side by side. */
export function twoFolders(): { generated: string; reference: string; results: string } {
  const dir = temporaryFolder();
  const folders = {
    generated: join(dir, 'generated'),
    reference: join(dir, 'reference'),
    results: join(dir, 'results'),
  };
  mkdirSync(folders.generated);
  mkdirSync(folders.reference);
  return folders;
}

/** A picture of 16x16, or as wide and high as asked, whose values never reach 0 or 255. */
export function picture({
  width = 16,
  height = 16,
  channels = 3,
  paint = (x, y, c) => 40 + ((7 * x + 5 * y + 11 * c) % 170),
}: {
  width?: number;
  height?: number;
  channels?: 1 | 3 | 4;
  paint?: Paint;
} = {}): Sharp {
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / channels);
    data[i] = paint(pixel % width, Math.floor(pixel / width), i % channels);
  }
  return sharp(data, { raw: { width, height, channels } });
}
