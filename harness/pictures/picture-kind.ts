/** The formats that pictures are read in, whatever their files are called. */
export const PICTURE_FORMATS = ['png', 'jpeg', 'webp'] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** By its first bytes; null for anything else. */
export function pictureFormat(content: Buffer): PictureFormat | null {
  if (startsWith(content, '\x89PNG\r\n\x1a\n')) return 'png';
  if (startsWith(content, '\xff\xd8\xff')) return 'jpeg';
  return startsWith(content, 'RIFF') && startsWith(content, 'WEBP', 8) ? 'webp' : null;
}

/** Whether the file holds more than one frame; of an animation nobody has said which frame is the picture. */
export function isAnimation(content: Buffer, format: PictureFormat): boolean {
  // The second bit of an extended header's flags.
  if (format === 'webp') return startsWith(content, 'VP8X', 12) && ((content[20] ?? 0) & 2) !== 0;
  return format === 'png' && hasChunkBeforeData(content, 'acTL');
}

function hasChunkBeforeData(content: Buffer, wanted: string): boolean {
  for (let at = 8; at + 8 <= content.length; at += 12 + content.readUInt32BE(at)) {
    const type = content.toString('latin1', at + 4, at + 8);
    if (type === wanted) return true;
    if (type === 'IDAT') return false;
  }
  return false;
}

/** Signatures of what is often found under a picture's name: name, first bytes, and where they stand. */
const STRANGERS: readonly (readonly [name: string, bytes: string, at?: number])[] = [
  ['a GIF', 'GIF8'],
  ['a TIFF', 'II*\0'],
  ['a TIFF', 'MM\0*'],
  ['a BigTIFF', 'II+\0'],
  ['a BigTIFF', 'MM\0+'],
  ['an AVIF', 'ftypavif', 4],
  ['a HEIF', 'ftyp', 4],
  ['a JPEG 2000', '\0\0\0\x0cjP  '],
  ['a JPEG XL', '\xff\x0a'],
  ['a JPEG XL', '\0\0\0\x0cJXL '],
  ['a PDF document', '%PDF'],
  ['a Photoshop document', '8BPS'],
  ['an OpenEXR', '\x76\x2f\x31\x01'],
  ['a BMP', 'BM'],
  ['a NumPy array', '\x93NUMPY'],
  ['a ZIP archive', 'PK\x03\x04'],
  ['a gzip file', '\x1f\x8b'],
  ['a Git LFS pointer', 'version https://git-lfs'],
];

/** Beginnings of text files, behind blanks. */
const TEXTS: readonly (readonly [name: string, beginning: RegExp])[] = [
  ['a web page', /^<(!doctype html|html|head)/i],
  ['an SVG drawing', /^<svg|^<[?!][\s\S]*<svg/i],
  ['an XML document', /^<\?xml/],
];

/** Text is looked for in so many bytes. */
const HEAD_BYTES = 4096;

/** What a file that is no picture is, as a message says it; null where nobody knows. */
export function strangerName(content: Buffer): string | null {
  if (content.length === 0) return 'an empty file';
  const signature = STRANGERS.find(([, bytes, at]) => startsWith(content, bytes, at));
  if (signature) return signature[0];
  const text = content
    .toString('utf8', 0, HEAD_BYTES)
    .replace(/^\ufeff/, '')
    .trimStart();
  return TEXTS.find(([, beginning]) => beginning.test(text))?.[0] ?? null;
}

function startsWith(content: Buffer, bytes: string, at = 0): boolean {
  return content.toString('latin1', at, at + bytes.length) === bytes;
}
