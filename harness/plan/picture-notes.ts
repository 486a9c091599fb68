import type { Protocol } from '../metrics/metric.ts';
import type { PictureSize } from '../pictures/image8.ts';
import { changeKinds, changesOf, datasetRules, describeChange } from '../pictures/picture-changes.ts';
import type { PictureFacts } from '../pictures/picture-content.ts';
import { STORED_PICTURES } from '../scoring/protocol.ts';

/** A picture of the plan, with what its file says of itself, if there is one. */
export interface SelectedPicture {
  readonly id: string;
  /** Of the pixels that solvers see. */
  readonly sha256: string;
  readonly source: PictureFacts | undefined;
}

/** What the files of a data set went through until they were pictures of this size: a line each, for the person. */
export function pictureNotes(pictures: readonly SelectedPicture[], size: PictureSize): string[] {
  const changes = changesOf(sources(pictures), datasetRules(size));
  return [
    ...changes.map((change) => describeChange(change, pictures.length, 'pictures')),
    ...equalPictures(pictures),
  ];
}

/** The same as part of every number's protocol; of a set that no files hold, nothing. */
export function pictureProtocol(pictures: readonly SelectedPicture[], size: PictureSize): Protocol {
  const kinds = changeKinds(changesOf(sources(pictures), datasetRules(size)));
  return kinds === '' ? STORED_PICTURES : { ...STORED_PICTURES, truths: kinds };
}

function sources(pictures: readonly SelectedPicture[]): PictureFacts[] {
  return pictures.flatMap(({ source }) => source ?? []);
}

function equalPictures(pictures: readonly SelectedPicture[]): string[] {
  const first = new Map<string, string>();
  const repeated: [id: string, of: string][] = [];
  for (const { id, sha256 } of pictures) {
    const other = first.get(sha256);
    if (other === undefined) first.set(sha256, id);
    else repeated.push([id, other]);
  }
  const [example] = repeated;
  if (!example) return [];
  return [
    `${repeated.length} of ${pictures.length} pictures equal another one, and count as one more in means and intervals: ${example[0]} and ${example[1]} for two`,
  ];
}
