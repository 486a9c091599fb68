/** Bytes before the first chunk; of the header with its length, type and checksum. */
const SIGNATURE = 8;
const HEADER = 25;
/** Of a chunk's length and type, and of the checksum behind its data. */
const [HEAD, CHECKSUM] = [8, 4];
/** International text, under this keyword, not compressed, of no language (PNG specification, 11.3.3.4). */
const TYPE = 'iTXt';
const KEYWORD = Buffer.from('Description\0\0\0\0\0', 'latin1');

/** The checksum of chunks (PNG specification, annex D); Node has it from version 20.15 on. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A PNG with what it shows in words; its pixels are the same. */
export function withDescription(png: Buffer, text: string): Buffer {
  const body = Buffer.concat([Buffer.from(TYPE, 'latin1'), KEYWORD, Buffer.from(text, 'utf8')]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - TYPE.length);
  checksum.writeUInt32BE(crc32(body));
  const start = SIGNATURE + HEADER;
  return Buffer.concat([png.subarray(0, start), length, body, checksum, png.subarray(start)]);
}

/** What a whole PNG says that it shows; null: nothing. */
export function descriptionOf(png: Buffer): string | null {
  for (let at = SIGNATURE; at + HEAD <= png.length; ) {
    const [start, end] = [at + HEAD, at + HEAD + png.readUInt32BE(at)];
    const type = png.toString('latin1', at + 4, start);
    if (type === TYPE && png.subarray(start, start + KEYWORD.length).equals(KEYWORD))
      return png.toString('utf8', start + KEYWORD.length, end);
    at = end + CHECKSUM;
  }
  return null;
}
