import { type Dirent, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { UserError } from '../errors.ts';
import { openPicture } from '../pictures/picture-content.ts';
import { cropAndResize, decodeUpright } from '../pictures/picture-file.ts';
import { requireRegularFile } from '../regular-file.ts';
import { type Dataset, itemOf } from './dataset.ts';

const EXTENSIONS: ReadonlySet<string> = new Set(['.png', '.jpg', '.jpeg', '.webp']);
/** Sub-folders that are looked into, and named, where a folder holds no picture itself. */
const LOOKED_INTO = 100;
const NAMED = 3;

/**
 * Any folder of pictures as a data set: its PNG, JPEG and WebP files (not those of sub-folders, not hidden ones) by name
 * in code-unit order, all in the split `test`, the file name as id, no captions. Each is turned upright, converted to
 * sRGB, laid on white where it is transparent, cropped around the centre to the wanted aspect and resized (Lanczos 3).
 * Reading throws UserError for a folder that is missing or holds no picture, and for a file that is none.
 */
export function openFolder(path: string): Dataset {
  const folder = resolve(path);
  return {
    name: basename(folder),
    description: `the pictures in ${folder}`,
    async ids(split) {
      return split === 'test' ? picturesOf(folder) : [];
    },
    async item(id, size) {
      if (!isPictureName(id) || id !== basename(id) || !existsSync(join(folder, id))) {
        throw new UserError(
          `${folder} holds no picture "${id}"; the nearest name is "${closest(id, await picturesOf(folder))}"`,
        );
      }
      const picture = await openPicture(join(folder, id));
      const image = await cropAndResize(await decodeUpright(picture), size);
      return itemOf(id, image, { source: picture.facts });
    },
  };
}

/**
 * The names of a folder's pictures: PNG, JPEG and WebP files, in code-unit order.
 * @throws UserError for a folder that is missing or holds none, and for a folder, FIFO, device or dangling link that has
 * a picture's name.
 */
export async function picturesOf(folder: string): Promise<string[]> {
  const entries = await entriesOf(folder);
  const pictures = entries.filter(({ name }) => isPictureName(name)).sort(byName);
  if (pictures.length === 0) {
    throw new UserError(`the folder ${folder} holds no picture: ${await insteadOfPictures(folder, entries)}`);
  }
  for (const entry of pictures) if (!entry.isFile()) requireRegularFile(join(folder, entry.name));
  return pictures.map(({ name }) => name);
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

function isPictureName(name: string): boolean {
  return !name.startsWith('.') && EXTENSIONS.has(extname(name).toLowerCase());
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    const why = { ENOENT: 'there is no such folder', ENOTDIR: 'it is a file', EACCES: 'no permission' };
    throw new UserError(
      `cannot read the picture folder ${folder}: ${why[error.code as keyof typeof why] ?? error.message}`,
    );
  });
}

async function insteadOfPictures(folder: string, entries: readonly Dirent[]): Promise<string> {
  const holding: string[] = [];
  for (const entry of entries.filter((one) => one.isDirectory()).slice(0, LOOKED_INTO)) {
    const inner = join(folder, entry.name);
    const names = await readdir(inner).catch((): string[] => []);
    if (names.some(isPictureName)) holding.push(inner);
  }
  if (holding.length > 0) {
    const more = holding.length > NAMED ? ', ...' : '';
    return `sub-folders are not read; give one of ${holding.sort().slice(0, NAMED).join(', ')}${more}`;
  }
  const found = entries.length === 0 ? 'nothing' : `${entries.length} other entries`;
  return `found ${found}, expected files ending in ${[...EXTENSIONS].join(', ')}`;
}
