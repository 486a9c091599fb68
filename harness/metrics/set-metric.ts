import type { Image8 } from '../pictures/image8.ts';
import type { Metric } from './metric.ts';
import type { Networked } from './network-metric.ts';

/** A network that turns a picture into a row of numbers, with its input path. */
export interface FeatureExtractor extends Networked<OpenFeatureExtractor> {
  /**
   * e.g. `inception-clean`. A picture's features are a function of its pixels and of the extractor's protocol: its
   * canonical hash and the picture's sha256 are the key of a cache.
   */
  readonly name: string;
  readonly dimensions: number;
}

export interface OpenFeatureExtractor {
  /** Row-major [images.length, dimensions]. Pictures are RGB and may differ in size. */
  features(images: readonly Image8[]): Promise<Float32Array>;
  dispose(): void;
}

/** Features of a set of pictures. */
export interface FeatureSet {
  /**
   * Row-major [rows.length, dimensions]: the features of these rows, in their order. They may be read from files at each
   * call, since a whole set may be more than memory holds.
   * @throws UserError where they cannot be read
   */
  read(rows: readonly number[]): Float32Array;
  readonly dimensions: number;
  /** For each row the id of the image that was restored, or that is the truth: seeds of one image share it. */
  readonly images: readonly string[];
}

export interface SetComparison {
  readonly generated: FeatureSet;
  readonly reference: FeatureSet;
  /** The reference holds the truths of the generated pictures, by the same image ids: both lose an image together. */
  readonly paired: boolean;
}

export interface SetScore {
  readonly value: number;
  /** By delete-block jackknife; null where leaving out an image leaves fewer than two pictures on a side. */
  readonly standardError: number | null;
  /**
   * The value without each block of images. Blocks depend on the image ids alone: two solvers' replicates over the same
   * images belong together one by one, which gives their difference a standard error (`jackknifeError`).
   */
  readonly replicates: readonly number[];
  readonly warnings: readonly string[];
}

/**
 * A metric of two sets of pictures, computed from their features. `protocol` is of its own arithmetic: a number's whole
 * protocol adds the extractor's, the reference set, the file format and both counts.
 */
export interface SetMetric extends Metric {
  readonly of: 'picture';
  readonly against: 'reference-set';
  readonly level: 'set';
  readonly by: 'network';
  readonly extractor: FeatureExtractor;
  /** Throws UserError for fewer than two rows on a side, or sets of different dimensions. */
  score(comparison: SetComparison): Promise<SetScore>;
}
