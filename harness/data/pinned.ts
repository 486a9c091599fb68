import { z } from 'zod';
import { UserError } from '../errors.ts';
import { readConfigFile } from '../networks/config-file.ts';
import { requireRegularFile } from '../regular-file.ts';
import type { Dataset } from './dataset.ts';

/** Of a manifest that lists half a million pictures; it is read as a whole. */
const MAX_BYTES = 64 << 20;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hexadecimal');

/** A manifest of a folder: its pictures by name, or as `tweedie dataset --manifest` writes it, with their hashes. */
const manifestSchema = z.object({
  height: z.int().positive().optional(),
  width: z.int().positive().optional(),
  splits: z.object({
    test: z.union([
      z
        .object({ pictures: z.record(z.string(), sha256) })
        .transform(({ pictures }) => new Map(Object.entries(pictures))),
      z
        .object({ ids: z.array(z.string()).min(1) })
        .transform(({ ids }) => new Map(ids.map((id) => [id, null]))),
    ]),
  }),
});

/**
 * A folder by the list of a manifest: just those pictures, in its order, and where it gives hashes, those pixels (at the
 * manifest's size). Reading throws UserError for pictures that are missing or other ones.
 */
export function pinnedTo(manifestPath: string, dataset: Dataset): Dataset {
  const { size } = requireRegularFile(manifestPath);
  if (size > MAX_BYTES)
    throw new UserError(`${manifestPath}: has ${size} bytes; expected a manifest of at most ${MAX_BYTES}`);
  const { height, width, splits } = readConfigFile(manifestPath, manifestSchema);
  const pinned: ReadonlyMap<string, string | null> = splits.test;
  return {
    ...dataset,
    async ids(split) {
      return split === 'test' ? [...pinned.keys()] : [];
    },
    async requirePictures(ids) {
      const found = new Set(await dataset.ids('test'));
      const missing = ids.filter((id) => !found.has(id));
      if (missing.length === 0) return;
      throw new UserError(
        `${dataset.description}: ${missing.length} of the ${ids.length} pictures asked for are missing (${manifestPath} lists them): ` +
          `${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ', ...' : ''}`,
      );
    },
    async item(id, size) {
      const item = await dataset.item(id, size);
      const expected = size.height === height && size.width === width ? pinned.get(id) : null;
      if (!expected || expected === item.sha256) return item;
      throw new UserError(
        `${dataset.description}: "${id}" has pixels with sha256 ${item.sha256}; ${manifestPath} lists ${expected}`,
      );
    },
  };
}
