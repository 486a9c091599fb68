import { inflateSync } from 'node:zlib';
import { UserError } from '../errors.ts';

/** Bytes before the first chunk; of a chunk's length and type; of the checksum behind its data. */
const SIGNATURE = 8;
const HEAD = 8;
const CHECKSUM = 4;

/**
 * Sees that a PNG's pixels are all there (PNG specification, 5.3 and 10): its chunks reach the end, and what they compress
 * is as long as its rows.
 * @param channels 8 bits each
 * @throws UserError that names the file
 */
export function requireWholePng(file: string, bytes: Buffer, channels: number): void {
  const [width, height, interlaced] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20), bytes[28] !== 0];
  const rows = inflated(file, bytes).length;
  // Interlaced rows have a filter byte each in every pass: how many depends on the size.
  if (!interlaced && rows < height * (1 + width * channels)) throw broken(file, 'rows are missing');
}

function inflated(file: string, bytes: Buffer): Buffer {
  try {
    return inflateSync(Buffer.concat(compressedParts(file, bytes)));
  } catch (error) {
    throw error instanceof UserError ? error : broken(file, (error as Error).message);
  }
}

function compressedParts(file: string, bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = SIGNATURE; at + HEAD <= bytes.length; ) {
    const end = at + HEAD + bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + HEAD);
    if (type === 'IEND') return parts;
    if (end + CHECKSUM > bytes.length) break;
    if (type === 'IDAT') parts.push(bytes.subarray(at + HEAD, end));
    at = end + CHECKSUM;
  }
  throw broken(file, 'it is cut off');
}

function broken(file: string, why: string): UserError {
  return new UserError(`${file}: not a readable picture (${why}); expected a whole PNG file`);
}
