import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { jsonHash } from '../identity/keys.ts';
import type { Protocol } from '../metrics/metric.ts';
import { bytesOfFile } from '../regular-file.ts';
import { replaceFileBy } from '../write-file.ts';

/** Of a sha256. */
const DIGEST_BYTES = 32;

/**
 * Features of pictures, kept by what they are a function of: the extractor's protocol and the picture file's sha256.
 * One file a picture below `<results>/features/<hash of the protocol>/`: little-endian float32, then their sha256.
 */
export class FeatureCache {
  readonly #dir: string;
  readonly #bytes: number;

  constructor(resultsDir: string, protocol: Protocol, dimensions: number) {
    this.#dir = join(resultsDir, 'features', jsonHash(protocol).slice(0, 16));
    this.#bytes = dimensions * Float32Array.BYTES_PER_ELEMENT;
  }

  /** Whether they are there and as they were written. */
  has(sha256: string): boolean {
    return this.#features(sha256) !== null;
  }

  /** @throws UserError where they are missing or not as they were written */
  read(sha256: string): Float32Array {
    const features = this.#features(sha256);
    if (!features)
      throw new UserError(`${this.#path(sha256)}: missing or damaged; the same command makes it again`);
    return new Float32Array(new Uint8Array(features).buffer);
  }

  /** A reader never sees half a file; two writers of one picture write the same. */
  async write(sha256: string, features: Float32Array): Promise<void> {
    const bytes = new Uint8Array(features.buffer, features.byteOffset, features.byteLength);
    const whole = Buffer.concat([bytes, digestOf(bytes)]);
    await replaceFileBy(this.#path(sha256), (temporary) => writeFile(temporary, whole));
  }

  #features(sha256: string): Buffer | null {
    const whole = bytesOfFile(this.#path(sha256));
    if (whole?.length !== this.#bytes + DIGEST_BYTES) return null;
    const features = whole.subarray(0, this.#bytes);
    return digestOf(features).equals(whole.subarray(this.#bytes)) ? features : null;
  }

  #path(sha256: string): string {
    return join(this.#dir, sha256.slice(0, 2), `${sha256}.f32`);
  }
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
