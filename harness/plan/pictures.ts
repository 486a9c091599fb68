import { quoted } from '../config/located.ts';
import { Mistakes } from '../config/mistakes.ts';
import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import type { PictureSize } from '../pictures/image8.ts';
import type { DataSelection } from './data-selection.ts';
import type { SelectedPicture } from './picture-notes.ts';
import { placed } from './placed.ts';

/** The ids of the pictures that an experiment asks for, each once. Throws UserError for those that the data lack. */
export async function selectIds(data: DataSelection): Promise<string[]> {
  const all = await placed(data.where, () => data.dataset.ids(data.split));
  const named = data.ref.kind === 'set' ? `${data.split} of ${data.ref.name}` : `folder ${data.ref.folder}`;
  if (data.count !== undefined && data.count > all.length) {
    const text = `data.count: asked for ${data.count} pictures, ${named} has ${all.length}`;
    throw new UserError(text, data.selectionWhere);
  }
  const known = new Set(all);
  const mistakes = new Mistakes();
  for (const id of data.items ?? [])
    if (!known.has(id))
      mistakes.add(
        new UserError(
          `data.items: unknown picture ${quoted(id)} in ${named}: ${nearest(id, all)}`,
          data.selectionWhere,
        ),
      );
  mistakes.refuse();
  const selected = [...new Set(data.items ?? all.slice(0, data.count))];
  await placed(data.where, async () => data.dataset.requirePictures?.(selected));
  return selected;
}

/** Reads the pictures for their hashes at the prior's size. Throws UserError for one that cannot be read. */
export async function readPictures(
  { dataset, where }: DataSelection,
  ids: readonly string[],
  size: PictureSize,
): Promise<SelectedPicture[]> {
  const pictures: SelectedPicture[] = [];
  for (const id of ids) {
    const { sha256, source } = await placed(where, () => dataset.item(id, size));
    pictures.push({ id, sha256, source });
  }
  return pictures;
}
