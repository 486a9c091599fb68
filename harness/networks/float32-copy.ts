import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { printable } from '../text/terminal.ts';
import { fileSha256 } from './file-hash.ts';
import { bytesOf, streamSafetensors } from './safetensors-writer.ts';
import type { WeightFile } from './weight-file.ts';

const HALF = new Set(['F16', 'BF16']);
const MIB = 2 ** 20;

/** Whether a file holds values that the CPU cannot compute with as they lie there. */
export function isHalfPrecision(file: WeightFile): boolean {
  return [...file.entries.values()].some(({ dtype }) => HALF.has(dtype));
}

/**
 * A copy of a half-precision file with float32 values, made once, in the cache folder, named by the sha256 of the
 * original. Says on standard error what it writes. Returns the copy's path.
 */
export function float32Copy(file: WeightFile): string {
  const folder = join(cacheFolder(), 'float32');
  const path = join(folder, `${fileSha256(file.path)}.safetensors`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  console.error(
    `${printable(file.path)}: float16; writing ${Math.ceil((2 * file.dataBytes) / MIB)} MiB of float32 to ${printable(path)}`,
  );
  streamSafetensors(
    path,
    [...file.entries]
      .filter(([, { dtype }]) => HALF.has(dtype) || dtype === 'F32')
      .map(([name, { shape }]) => ({
        name,
        shape,
        dtype: 'F32',
        bytes: () => bytesOf(file.readFloat32(name)),
      })),
  );
  return path;
}
