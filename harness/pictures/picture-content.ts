import { readFile } from 'node:fs/promises';
import { UserError } from '../errors.ts';
import { requireRegularFile } from '../regular-file.ts';
import { iccName } from './icc-name.ts';
import type { Image8 } from './image8.ts';
import { isAnimation, type PictureFormat, pictureFormat, strangerName } from './picture-kind.ts';
import { type Metadata, type Sharp, sharp } from './sharp.ts';

/** A picture with more pixels (10,000 x 10,000) is refused before it is decoded; its file may have a few kilobytes. */
export const MAX_PIXELS = 100e6;
/** More than the largest picture takes without any compression. */
const MAX_BYTES = 1 << 30;

/** A message shows no more of libvips's own words. */
const REASON_SHOWN = 160;

/** What a picture's file says of itself, as far as it matters to how it is read. */
export interface PictureFacts {
  readonly file: string;
  readonly format: PictureFormat;
  /** As stored, before its orientation is looked at. */
  readonly width: number;
  readonly height: number;
  readonly colours: 'rgb' | 'grey' | 'cmyk';
  /** Of a channel. */
  readonly bits: number;
  /** Transparency: a channel of its own, or colours that stand for it (PNG's tRNS). */
  readonly alpha: 'channel' | 'colours' | null;
  readonly palette: boolean;
  /** What its colour profile calls itself, "" for one without a name; null: it has none. */
  readonly profile: string | null;
  /** EXIF's, 1 to 8: 1 is upright, those from 5 on lie on a side. */
  readonly orientation: number;
}

/** A picture's file, read and looked at, not yet decoded. */
export interface PictureContent {
  readonly content: Buffer;
  readonly facts: PictureFacts;
}

/**
 * Reads a picture's file and its header.
 * @throws UserError for what is no file, no PNG, JPEG or WebP by its content, an animation, or too large
 */
export async function openPicture(file: string): Promise<PictureContent> {
  const { size } = requireRegularFile(file);
  if (size > MAX_BYTES) {
    throw new UserError(`${file}: is a file of ${size} bytes; expected a picture of at most ${MAX_BYTES}`);
  }
  const content = await readFile(file);
  const format = pictureFormat(content);
  if (!format) {
    const stranger = strangerName(content);
    throw stranger
      ? new UserError(`${file}: found ${stranger}, expected a PNG, JPEG or WebP picture`)
      : unreadable(file, 'its first bytes are those of no picture');
  }
  if (isAnimation(content, format)) {
    throw new UserError(`${file}: found an animation, expected a single picture`);
  }
  const metadata = await sharp(content, { limitInputPixels: false })
    .metadata()
    .catch((error: Error) => {
      throw unreadable(file, error.message);
    });
  const { width, height } = metadata;
  if (width * height > MAX_PIXELS) {
    throw new UserError(
      `${file}: has ${width}x${height} pixels; expected at most ${MAX_PIXELS / 1e6} million`,
    );
  }
  return { content, facts: factsOf(file, content, format, metadata) };
}

/**
 * Decodes a picture as `steps` ask: 8-bit RGB, a greyscale one repeated.
 * @throws UserError naming the file if it cannot be decoded to the end
 */
export async function decodeRgb(
  { content, facts: { file } }: PictureContent,
  steps: (picture: Sharp) => Sharp,
  options: { readonly ignoreIcc?: boolean } = {},
): Promise<Image8> {
  const input = sharp(content, { failOn: 'warning', limitInputPixels: MAX_PIXELS, ...options });
  const { data, info } = await steps(input)
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: Error) => {
      throw unreadable(file, error.message);
    });
  return { width: info.width, height: info.height, channels: 3, data: rgb(data, info.channels) };
}

function unreadable(file: string, message: string): UserError {
  // libvips puts what it minded below a line that says nothing.
  const lines = message.split('\n').filter((line) => line.trim() !== '' && !/^Warning treated/.test(line));
  const reason = lines.join(' ').trim().replace(/:$/, '').slice(0, REASON_SHOWN);
  return new UserError(
    `${file}: not a readable picture (${reason}); expected a whole PNG, JPEG or WebP file`,
  );
}

/** A PNG's colour type stands here; the third bit says that each pixel has an alpha of its own. */
const PNG_COLOUR_TYPE = 25;
const PNG_ALPHA = 4;

function factsOf(file: string, content: Buffer, format: PictureFormat, metadata: Metadata): PictureFacts {
  const { width, height, space, depth, hasAlpha, isPalette, icc, orientation } = metadata;
  const ofColours = format === 'png' && ((content[PNG_COLOUR_TYPE] ?? 0) & PNG_ALPHA) === 0;
  return {
    file,
    format,
    width,
    height,
    colours: space === 'cmyk' ? 'cmyk' : space === 'b-w' || space === 'grey16' ? 'grey' : 'rgb',
    bits: depth === 'ushort' ? 16 : 8,
    alpha: !hasAlpha ? null : ofColours ? 'colours' : 'channel',
    palette: isPalette,
    profile: icc ? (iccName(icc) ?? '') : null,
    orientation: orientation !== undefined && orientation >= 1 && orientation <= 8 ? orientation : 1,
  };
}

function rgb(data: Buffer, channels: number): Uint8Array {
  if (channels === 3) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const out = new Uint8Array((data.length / channels) * 3);
  for (let i = 0, from = 0; i < out.length; i += 3, from += channels) out.fill(data[from]!, i, i + 3);
  return out;
}
