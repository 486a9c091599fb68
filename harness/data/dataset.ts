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
}

export type Split = 'train' | 'validation' | 'test';

/** A source of pictures. */
export interface Dataset {
  readonly name: string;
  /** Ids of a split in their fixed order; a plain folder has only `test`. */
  ids(split: Split): Promise<readonly string[]>;
  /** Loads one picture at the given size. */
  item(id: string, size: { height: number; width: number }): Promise<DatasetItem>;
}
