import { join } from 'node:path';
import { SafetensorsFile } from '../networks/safetensors.ts';
import { sharp } from '../pictures/sharp.ts';
import type { ImageRow } from '../store/rows.ts';
import { readStored, TRUTH } from '../store/stored-file.ts';
import type { LostPicture, Picture } from './gallery-model.ts';

/** The picture with the blur kernel that its array file holds: the one found, or the one that blurred the measurement. */
export async function withKernel(
  picture: Picture,
  { role, array }: ImageRow,
  resultsDir: string,
): Promise<Picture | LostPicture> {
  if (role === 'given' || array === null) return picture;
  try {
    readStored(resultsDir, array.path, array.sha256);
    const file = new SafetensorsFile(join(resultsDir, array.path));
    const name = role === 'truth' ? `${TRUTH}kernel` : 'kernel';
    const kernel = file.entries.has(name) ? file.readFloat32(name) : null;
    file.close();
    return { ...picture, kernel: kernel && (await drawn(kernel)) };
  } catch (error) {
    return { cell: picture.cell, instead: 'no picture', problem: (error as Error).message };
  }
}

/** A square kernel in grey, its largest value white. */
function drawn(kernel: Float32Array): Promise<Buffer> {
  const side = Math.sqrt(kernel.length);
  const most = kernel.reduce((most, value) => Math.max(most, value), 0) || 1;
  const grey = Uint8Array.from(kernel, (value) => Math.round((255 * Math.max(0, value)) / most));
  return sharp(grey, { raw: { width: side, height: side, channels: 1 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
}
