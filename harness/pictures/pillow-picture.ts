import type { Image8 } from './image8.ts';
import { decodeRgb, type PictureContent, type PictureFacts } from './picture-content.ts';
import { sharp } from './sharp.ts';

/**
 * Decodes a picture to the bytes of Pillow's `Image.open(file).convert('RGB')`, which is how Python's scripts read
 * theirs: colour profile and EXIF orientation ignored, alpha dropped, CMYK without a profile, 16 bits cut to 8, values
 * of 16-bit greyscale above 255 taken for 255.
 * @throws UserError naming the file if it cannot be decoded to the end
 */
export async function decodeAsPillow(picture: PictureContent): Promise<Image8> {
  const { content, facts } = picture;
  // Decoded first: whatever is wrong with the file shows here.
  const decoded = await decodeRgb(picture, (input) => input.removeAlpha(), { ignoreIcc: true });
  if (facts.colours === 'cmyk') return { ...decoded, data: rgbOfInks(await inksOf(content)) };
  if (pillowSaturates(facts)) return { ...decoded, data: saturated(await grey16Of(content)) };
  return decoded;
}

/** Whether Pillow opens it in its mode `I;16`: a 16-bit greyscale PNG, unless it has a channel of alpha. */
export function pillowSaturates({ format, colours, bits, alpha }: PictureFacts): boolean {
  return format === 'png' && colours === 'grey' && bits === 16 && alpha !== 'channel';
}

function inksOf(content: Buffer): Promise<Uint8Array> {
  return sharp(content, { ignoreIcc: true })
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw({ depth: 'uchar' })
    .toBuffer();
}

/** Pillow's cmyk2rgb (Convert.c): what the black leaves, less the ink's share of it, rounded. */
function rgbOfInks(inks: Uint8Array): Uint8Array {
  const data = new Uint8Array((inks.length / 4) * 3);
  for (let from = 0, to = 0; from < inks.length; from += 4, to += 3) {
    const left = 255 - inks[from + 3]!;
    for (let c = 0; c < 3; c++) data[to + c] = left - Math.round((inks[from + c]! * left) / 255);
  }
  return data;
}

async function grey16Of(content: Buffer): Promise<Uint16Array> {
  const { buffer, byteOffset, byteLength } = await sharp(content, { ignoreIcc: true })
    .removeAlpha()
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer();
  return new Uint16Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

function saturated(values: Uint16Array): Uint8Array {
  const data = new Uint8Array(values.length * 3);
  for (const [i, value] of values.entries()) data.fill(Math.min(255, value), 3 * i, 3 * i + 3);
  return data;
}
