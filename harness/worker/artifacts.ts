import type { Media } from '../pictures/media.ts';
import type { Artifact, ArtifactRole, StoredImage } from '../store/records.ts';

/** The pictures of one cell; nothing is given to a method that is asked for pictures of captions. */
export type CellPictures = Readonly<
  Record<Exclude<ArtifactRole, 'given'>, StoredImage> & { given: StoredImage | null }
>;

/**
 * The files of one cell: its pictures, and the array that the result was rounded from.
 * @param media of the result and its truth; what a method is given is always drawn as a picture
 */
export function picturesAnd(
  array: Pick<Artifact, 'path' | 'sha256'>,
  pictures: CellPictures,
  media: Media,
): Artifact[] {
  const files = (Object.keys(pictures) as ArtifactRole[]).flatMap((role): Artifact[] => {
    const picture = pictures[role];
    return picture ? [{ role, media: role === 'given' ? 'picture' : media, ...picture }] : [];
  });
  return [...files, { role: 'result', media: 'array', ...array }];
}
