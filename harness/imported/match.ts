import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { UserError } from '../errors.ts';
import { problemKey } from '../identity/keys.ts';
import { type Entry, readManifest } from '../measured/manifest.ts';
import { type NpyArray, readNpy } from '../npy.ts';
import { pictureFormat, strangerName } from '../pictures/picture-kind.ts';
import { bytesOfFile } from '../regular-file.ts';
import { requireWholePng } from './whole-png.ts';

/** A picture that somebody's method has made of a problem. */
export interface ImportedPicture {
  readonly file: string;
  /** Of the file. */
  readonly sha256: string;
}

/** What of a manifest's problems a folder answers. */
export interface Matched {
  /** By the problem's key. */
  readonly pictures: ReadonlyMap<string, ImportedPicture>;
  /** Of every problem that a picture answers, by its key. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Names of problems without a picture. */
  readonly missing: readonly string[];
  /** Files without a problem, relative to the folder, pictures of other formats too. */
  readonly unknown: readonly string[];
}

/**
 * Finds the picture of each problem: `<name>.png`, or an array `<name>.npy`, below the folder.
 * @throws UserError for a manifest that cannot be read or has no problem that a picture answers, and for a file that is no
 * whole 8-bit PNG or array of pixels, or has another size than the truth
 */
export function matchPictures(folder: string, measured: string): Matched {
  const restored = readManifest(measured).entries.filter(({ kind }) => kind === 'restore');
  if (restored.length === 0)
    throw new UserError(`${measured}: has no problem of the kind restore, which a picture would answer`);
  const pictures = new Map<string, ImportedPicture>();
  const missing: string[] = [];
  for (const entry of restored) {
    const [found, second] = FORMS.flatMap(({ extension, require }) => {
      const file = join(folder, entry.name + extension);
      const bytes = bytesOfFile(file);
      return bytes ? [{ file, bytes, require }] : [];
    });
    if (second)
      throw new UserError(
        `${found!.file}: ${entry.name} is there as ${second.file} too; expected one of them`,
      );
    if (!found) {
      missing.push(entry.name);
      continue;
    }
    const { file, bytes, require } = found;
    require(file, bytes, entry);
    pictures.set(problemKey(entry), { file, sha256: sha256Of(bytes) });
  }
  const expected = new Set(restored.flatMap(({ name }) => FORMS.map(({ extension }) => name + extension)));
  return {
    pictures,
    entries: new Map(restored.map((entry) => [problemKey(entry), entry])),
    missing,
    unknown: filesIn(folder).filter((file) => !expected.has(file)),
  };
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** PNG's colour types that lose nothing as RGB. */
const GREY = 0;
const RGB = 2;
const COLOUR_TYPES: Readonly<Record<number, string>> = {
  3: 'a palette',
  4: 'grey with an alpha channel',
  6: 'RGB with an alpha channel',
};
/** Bytes up to the end of a PNG's header. */
const HEADER = 33;

/** The header says what it is: width, height, bits and colour type (PNG specification, 11.2.2). */
function requirePng(file: string, bytes: Buffer, { imageShape: [, height, width] }: Entry): void {
  if (bytes.length < HEADER || pictureFormat(bytes) !== 'png')
    throw new UserError(`${file}: found ${strangerName(bytes) ?? 'no PNG'}, expected a PNG picture`);
  const [w, h] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (w !== width || h !== height)
    throw new UserError(`${file}: is ${w}x${h}, its truth ${width}x${height}: expected equal sizes`);
  const [bits, type] = [bytes[24]!, bytes[25]!];
  if (bits !== 8 || (type !== GREY && type !== RGB))
    throw new UserError(
      `${file}: found ${bits === 8 ? COLOUR_TYPES[type] : `${bits} bits a channel`}, expected 8-bit RGB or grey`,
    );
  requireWholePng(file, bytes, type === RGB ? 3 : 1);
}

function requireArray(file: string, _bytes: Buffer, { imageShape }: Entry): void {
  const { shape, data } = readArray(file);
  if (shape.join() !== imageShape.join())
    throw new UserError(`${file}: has the shape [${shape}], expected [${imageShape}]`);
  const far = data.find((value) => !(Math.abs(value) <= FARTHEST));
  if (far !== undefined)
    throw new UserError(
      `${file}: holds a value of ${far}, expected a picture in about [-1,1]: byte / 127.5 - 1`,
    );
}

/** Of a picture in [-1,1] that is not clipped; one in [0,255] has more. */
const FARTHEST = 10;

/** An array in the place of a picture. @throws UserError for what is none of floating-point numbers */
export function readArray(file: string): NpyArray {
  try {
    return readNpy(file);
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${file}: ${(error as Error).message}`);
  }
}

/** How a picture may be there. */
const FORMS = [
  { extension: '.png', require: requirePng },
  { extension: '.npy', require: requireArray },
] as const;

/** What somebody may have meant as a picture. */
const ANY_FORM = /\.(png|npy|jpe?g|webp|gif|bmp|tiff?|npz|pth?|mat)$/i;

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && ANY_FORM.test(one.name) && !one.name.startsWith('.'))
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join('/'))
    .sort();
}
