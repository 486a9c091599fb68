/** sharp, loaded with its native library at the first picture that is read or written: most commands touch none. Everything imports it from here. */
import { createRequire } from 'node:module';
import type api from 'sharp';
import type { Sharp, SharpInput, SharpOptions } from 'sharp';

export type { Metadata, Sharp } from 'sharp';

let loaded: typeof api | null = null;

export function sharp(input: SharpInput, options?: SharpOptions): Sharp {
  loaded ??= createRequire(import.meta.url)('sharp') as typeof api;
  return loaded(input, options);
}
