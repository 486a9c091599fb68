import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { UserError } from '../errors.ts';
import { problemKey } from '../identity/keys.ts';
import { type Entry, readManifest } from '../measured/manifest.ts';
import { pictureFormat, strangerName } from '../pictures/picture-kind.ts';
import { bytesOfFile } from '../regular-file.ts';

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
  /** Pictures without a problem, relative to the folder. */
  readonly unknown: readonly string[];
}

/**
 * Finds the picture of each problem: `<name>.png` below the folder.
 * @throws UserError for a manifest that cannot be read or has no problem that a picture answers, and for a file that is no
 * 8-bit PNG or has another size than the truth
 */
export function matchPictures(folder: string, measured: string): Matched {
  const restored = readManifest(measured).entries.filter(({ kind }) => kind === 'restore');
  if (restored.length === 0)
    throw new UserError(`${measured}: has no problem of the kind restore, which a picture would answer`);
  const pictures = new Map<string, ImportedPicture>();
  const missing: string[] = [];
  for (const entry of restored) {
    const file = join(folder, fileOf(entry));
    const bytes = bytesOfFile(file);
    if (!bytes) missing.push(entry.name);
    else pictures.set(problemKey(entry), { file, sha256: sha256Of(requirePng(file, bytes, entry)) });
  }
  const expected = new Set(restored.map(fileOf));
  return {
    pictures,
    entries: new Map(restored.map((entry) => [problemKey(entry), entry])),
    missing,
    unknown: pngsIn(folder).filter((file) => !expected.has(file)),
  };
}

/** Where a problem's picture is looked for, below the folder. */
export function fileOf({ name }: Entry): string {
  return `${name}.png`;
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

/** The header says all: width, height, bits and colour type (PNG specification, 11.2.2). */
function requirePng(file: string, bytes: Buffer, { imageShape: [, height, width] }: Entry): Buffer {
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
  return bytes;
}

function pngsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && /\.png$/i.test(one.name) && !one.name.startsWith('.'))
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join('/'))
    .sort();
}
