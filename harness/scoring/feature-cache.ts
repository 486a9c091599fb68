import { statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonHash } from '../identity/keys.ts';
import type { Protocol } from '../metrics/metric.ts';
import { replaceFileBy } from '../write-file.ts';

/**
 * Features of pictures, kept by what they are a function of: the extractor's protocol and the picture file's sha256.
 * One file of little-endian float32 a picture below `<results>/features/<hash of the protocol>/`.
 */
export class FeatureCache {
  readonly #dir: string;
  readonly #bytes: number;

  constructor(resultsDir: string, protocol: Protocol, dimensions: number) {
    this.#dir = join(resultsDir, 'features', jsonHash(protocol).slice(0, 16));
    this.#bytes = dimensions * Float32Array.BYTES_PER_ELEMENT;
  }

  /** A file of another length is what a crash of the machine has left. */
  has(sha256: string): boolean {
    return statSync(this.#path(sha256), { throwIfNoEntry: false })?.size === this.#bytes;
  }

  async read(sha256: string): Promise<Float32Array> {
    const { buffer, byteOffset, length } = await readFile(this.#path(sha256));
    return new Float32Array(buffer.slice(byteOffset, byteOffset + length));
  }

  /** A reader never sees half a file; two writers of one picture write the same. */
  async write(sha256: string, features: Float32Array): Promise<void> {
    const bytes = new Uint8Array(features.buffer, features.byteOffset, features.byteLength);
    await replaceFileBy(this.#path(sha256), (temporary) => writeFile(temporary, bytes));
  }

  #path(sha256: string): string {
    return join(this.#dir, sha256.slice(0, 2), `${sha256}.f32`);
  }
}
