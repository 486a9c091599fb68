import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { normals, uniforms } from '../../../harness/engine/random.ts';

export const SIDE = 256;

/** Two folders of PNG pictures, truths of waves and the same with noise: made once for a number of pictures. */
export async function writePictures(
  folder: string,
  count: number,
): Promise<{ generated: string; reference: string }> {
  const [generated, reference] = [join(folder, `generated-${count}`), join(folder, `reference-${count}`)];
  if (existsSync(join(reference, `${nameOf(count - 1)}.png`))) return { generated, reference };
  for (const side of [generated, reference]) mkdirSync(side, { recursive: true });
  for (let i = 0; i < count; i++) {
    const truth = waves(i);
    const noise = normals({ seed: 1, role: 'sample', image: nameOf(i), draw: 0 }, truth.length);
    const strength = 2 + (30 * (i % 10)) / 10;
    const noisy = truth.map((value, at) => value + strength * noise[at]!);
    await write(join(generated, `${nameOf(i)}.png`), noisy);
    await write(join(reference, `${nameOf(i)}.png`), truth);
  }
  return { generated, reference };
}

function nameOf(i: number): string {
  return String(i).padStart(5, '0');
}

function waves(i: number): Float32Array {
  const next = uniforms({ seed: 0, role: 'sample', image: nameOf(i), draw: 0 });
  const picture = new Float32Array(SIDE * SIDE * 3);
  for (let c = 0; c < 3; c++) {
    const [down, across, phase] = [0.3 * next(), 0.3 * next(), 6 * next()];
    for (let at = 0; at < SIDE * SIDE; at++)
      picture[3 * at + c] = 128 + 100 * Math.sin(down * Math.floor(at / SIDE) + across * (at % SIDE) + phase);
  }
  return picture;
}

async function write(path: string, values: Float32Array): Promise<void> {
  const bytes = Uint8Array.from(values, (value) => Math.round(Math.min(255, Math.max(0, value))));
  await sharp(bytes, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toFile(path);
}
