import type { Artifact, ArtifactRole, StoredImage } from '../store/records.ts';

/** The pictures of one cell. */
export type CellPictures = Readonly<Record<ArtifactRole, StoredImage>>;

/** The files of one cell: its pictures, and the array that the result was rounded from. */
export function picturesAnd(array: Pick<Artifact, 'path' | 'sha256'>, pictures: CellPictures): Artifact[] {
  const files = (Object.keys(pictures) as ArtifactRole[]).map(
    (role): Artifact => ({ role, media: 'picture', ...pictures[role] }),
  );
  return [...files, { role: 'result', media: 'array', ...array }];
}
