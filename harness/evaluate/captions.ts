import { basename } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { parseConfig, readBytes } from '../networks/config-file.ts';
import { fileSha256 } from '../networks/file-hash.ts';
import { requireRegularFile } from '../regular-file.ts';
import { stemOf } from './pictures.ts';

/** What pictures show, by the names that pair them. */
export interface Captions {
  readonly sha256: string;
  /** Throws UserError for a picture that the file does not name. */
  of(name: string): string;
}

/** Of a million captions; it is read as a whole. */
const MAX_BYTES = 256 << 20;

const lineSchema = z.object({
  file: z.string().min(1),
  caption: z.string().refine((text) => text.trim() !== '', 'expected a caption that says something'),
});

/**
 * Reads captions.jsonl as `tweedie dataset` writes it: a line a picture, `{"file": ..., "caption": ...}`; of the file the
 * name counts. Throws UserError with the line for what is not so, for two captions of one name and for an empty one.
 */
export function readCaptions(path: string): Captions {
  const { size } = requireRegularFile(path);
  if (size > MAX_BYTES)
    throw new UserError(`${path}: has ${size} bytes; expected captions of at most ${MAX_BYTES}`);
  const captions = new Map<string, string>();
  for (const [i, line] of readBytes(path).toString('utf8').split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const where = `${path}, line ${i + 1}`;
    const { file, caption } = parseConfig(where, parseLine(where, line), lineSchema);
    const name = stemOf(basename(file));
    if (captions.has(name)) throw new UserError(`${where}: a second caption of "${name}"; expected one`);
    captions.set(name, caption);
  }
  if (captions.size === 0) throw new UserError(`${path}: holds no caption`);
  return {
    sha256: fileSha256(path),
    of(name) {
      const caption = captions.get(name);
      if (caption !== undefined) return caption;
      const near = closest(name, [...captions.keys()]);
      throw new UserError(`${path}: there is no caption of "${name}"; the nearest name is "${near}"`);
    },
  };
}

function parseLine(where: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new UserError(`${where}: is not JSON: ${(error as Error).message}`);
  }
}
