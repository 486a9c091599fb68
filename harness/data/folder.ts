import { readdir } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { UserError } from '../errors.ts';
import { type Dataset, itemOf } from './dataset.ts';
import { cropAndResize, readPicture } from './picture-file.ts';

const EXTENSIONS: ReadonlySet<string> = new Set(['.png', '.jpg', '.jpeg', '.webp']);

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
      const ids = await picturesOf(folder);
      if (!ids.includes(id)) {
        throw new UserError(`${folder} holds no picture "${id}"; the nearest name is "${closest(id, ids)}"`);
      }
      return itemOf(id, await cropAndResize(await readPicture(join(folder, id)), size));
    },
  };
}

/**
 * The names of a folder's pictures: PNG, JPEG and WebP files, in code-unit order.
 * @throws UserError for a folder that is missing or holds none.
 */
export async function picturesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    const why = { ENOENT: 'there is no such folder', ENOTDIR: 'it is a file', EACCES: 'no permission' };
    throw new UserError(
      `cannot read the picture folder ${folder}: ${why[error.code as keyof typeof why] ?? error.message}`,
    );
  });
  const pictures = names.filter(
    (name) => !name.startsWith('.') && EXTENSIONS.has(extname(name).toLowerCase()),
  );
  if (pictures.length === 0) {
    throw new UserError(
      `the folder ${folder} holds no picture: found ${names.length === 0 ? 'nothing' : `${names.length} other entries`}, ` +
        `expected files ending in ${[...EXTENSIONS].join(', ')}`,
    );
  }
  return pictures.sort();
}
