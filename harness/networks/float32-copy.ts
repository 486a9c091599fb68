import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { printable } from '../text/terminal.ts';
import { fileSha256 } from './file-hash.ts';
import { bytesOf, streamSafetensors } from './safetensors-writer.ts';
import type { TensorFile } from './tensor-file.ts';

const HALF = new Set(['F16', 'BF16']);
const MIB = 2 ** 20;

/** Whether a file holds values that the CPU cannot compute with as they lie there. */
export function isHalfPrecision(file: TensorFile): boolean {
  return [...file.entries.values()].some(({ dtype }) => HALF.has(dtype));
}

/**
 * A copy of a half-precision file with float32 values, made once, in the cache folder, named by the sha256 of the
 * original and its section. Says on standard error what it writes. Returns the copy's path.
 */
export function float32Copy(file: TensorFile): string {
  const path = join(cacheFolder(), 'float32', `${identity(file)}.safetensors`);
  if (existsSync(path)) return path;
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

function identity({ path, section }: TensorFile): string {
  const sha256 = fileSha256(path);
  return section === undefined ? sha256 : createHash('sha256').update(`${sha256} ${section}`).digest('hex');
}
