import { type Image8, toImage8 } from './image8.ts';

/** What a method's result is, and what a metric is of. */
export type Media = 'picture' | 'labels';

/**
 * What a metric's number can be of: a result, what a blind method finds beside it, what a result would measure, the part of
 * a picture that was not to change, or the traits that a picture was to have.
 */
export type Scored = Media | 'kernel' | 'measurement' | 'kept' | 'traits';

/** In a sentence: `of pictures`. */
export const scoredNames: Readonly<Record<Scored, string>> = {
  picture: 'pictures',
  labels: 'labels',
  kernel: 'kernels',
  measurement: 'measurements',
  kept: 'edited pictures',
  traits: 'pictures with wanted traits',
};

type ImageShape = readonly [channels: number, height: number, width: number];

/** How one image's values lie in memory, and what is kept of them in 8 bits. */
interface Form {
  readonly dtype: 'float32' | 'int32';
  /** For an image of size [C,H,W]. */
  shape(imageShape: ImageShape): readonly number[];
  keep(values: ArrayLike<number>, imageShape: ImageShape): Image8;
}

export const mediaForms: Readonly<Record<Media, Form>> = {
  /** [C,H,W], values around [-1,1]. */
  picture: { dtype: 'float32', shape: (imageShape) => imageShape, keep: toImage8 },
  /** [H,W], the index of a class for each pixel: kept as they are, in one channel. */
  labels: {
    dtype: 'int32',
    shape: ([, height, width]) => [height, width],
    keep(values, [, height, width]) {
      const data = Uint8Array.from(values);
      const wrong = data.findIndex((label, i) => label !== values[i]);
      if (wrong >= 0) throw new Error(`a label of ${values[wrong]}; expected the index of a class, 0 to 255`);
      return { width, height, channels: 1, data };
    },
  },
};
