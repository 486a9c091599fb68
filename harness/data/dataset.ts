import { createHash } from 'node:crypto';
import type { Image8, PictureSize } from '../pictures/image8.ts';
import { fromImage8 } from '../pictures/image8.ts';
import type { PictureFacts } from '../pictures/picture-content.ts';

/** One picture of a data set, ready for a prior. */
export interface DatasetItem {
  /** Unique within the data set, e.g. "test/00012". */
  readonly id: string;
  /** RGB, [3,H,W] row-major, values in [-1,1]. */
  readonly image: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly caption?: string;
  /** sha256 of the 8-bit RGB pixels (H*W*3, row-major) after resizing and cropping. */
  readonly sha256: string;
  /** What its file says of itself; none for a picture that no file holds. */
  readonly source?: PictureFacts;
}

export const SPLIT_NAMES = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLIT_NAMES)[number];

/** The parts of a picture: for each pixel, row-major, the index of one of the set's classes. */
export interface LabelMap extends PictureSize {
  readonly classes: readonly string[];
  readonly data: Uint8Array;
}

/** Values of traits by name: `{ hat: 'red' }`. */
export type Traits = Readonly<Record<string, string>>;

/** A picture as it would be with some of its traits changed, exactly. */
export interface Counterfactual {
  /** With the caption that it would have; its id is that of the picture. */
  readonly item: DatasetItem;
  /** All its traits. */
  readonly traits: Traits;
  /** For each pixel, row-major: 1 where it may differ from the picture, 0 where it is the same. */
  readonly mask: Uint8Array;
}

/** What a set that paints its pictures can say of them and change in them. */
export interface PaintedTraits {
  /** Every trait with the values that it can have. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Those whose change leaves much of a picture as it is. */
  readonly local: readonly string[];
  /** All traits of a picture. */
  of(id: string): Promise<Traits>;
  /**
   * The traits of a picture with these changed, and with what follows from that; a text says why no picture can have them
   * together.
   * @throws UserError for a trait or a value that there is not
   */
  after(id: string, change: Traits): Promise<Traits | string>;
  /** @throws UserError for a change that `after` refuses */
  edited(id: string, change: Traits, size: PictureSize): Promise<Counterfactual>;
  /** What pictures with these traits have in common, as a prompt. */
  phrase(traits: Traits): string;
}

/** A source of pictures. */
export interface Dataset {
  readonly name: string;
  /** One line for `tweedie list datasets`. */
  readonly description?: string;
  /** Ids of a split in their fixed order; a plain folder has only `test`. */
  ids(split: Split): Promise<readonly string[]>;
  /** Of a set whose list may name pictures that are not there. Throws UserError where one of these is missing. */
  requirePictures?(ids: readonly string[]): Promise<void>;
  /** Loads one picture at the given size. */
  item(id: string, size: PictureSize): Promise<DatasetItem>;
  /** What a picture shows, in a set that says it. */
  caption?(id: string): Promise<string>;
  /** Which part of what it shows each pixel is, in a set that knows. The same bytes each time. */
  labels?(id: string, size: PictureSize): Promise<LabelMap>;
  /** In a set that knows what its pictures would be with other traits. */
  readonly traits?: PaintedTraits;
}

/** Lets an editor check what a data set has to have. */
export function defineDataset<D extends Dataset>(dataset: D): D {
  return dataset;
}

/** An item made of its 8-bit RGB pixels. */
export function itemOf(
  id: string,
  picture: Image8,
  { caption, source }: Pick<DatasetItem, 'caption' | 'source'> = {},
): DatasetItem {
  return {
    id,
    image: fromImage8(picture),
    height: picture.height,
    width: picture.width,
    ...(caption === undefined ? {} : { caption }),
    ...(source === undefined ? {} : { source }),
    sha256: createHash('sha256').update(picture.data).digest('hex'),
  };
}
