import type { Image8, PictureSize } from '../pictures/image8.ts';
import type { Media, Scored } from '../pictures/media.ts';

/** Every choice that changes a value, spelled out: part of the number's identity. */
export type Protocol = Readonly<Record<string, string | number | boolean>>;

/** What a metric says of itself. */
export interface Metric {
  readonly name: string;
  /** As tables print it: PSNR, LPIPS-toy. Default: the name. */
  readonly title?: string;
  readonly version: number;
  /** What it is a number of: a task whose methods find something else is not asked for it. */
  readonly of: Scored;
  readonly against: 'truth' | 'caption' | 'reference-set' | 'measurement' | 'traits';
  /** Of each image, or of all that a method made. */
  readonly level: 'image' | 'set';
  /** Plain arithmetic, or by asking a network. */
  readonly by: 'arithmetic' | 'network';
  readonly better: 'higher' | 'lower';
  /** False where the least, or the greatest, is not the best: tables do not rank it. Default: true. */
  readonly ranked?: false;
  readonly unit?: string;
  /** Decimals shown in tables. */
  readonly digits: number;
  readonly protocol: Protocol;
  /** Why pictures of this size have no number; null for those that have one. Without it, all have. */
  readonly refuses?: (size: PictureSize) => string | null;
}

/** Refuses pictures with a side below `smallest`; `what` needs that many pixels. */
export function needsSides(smallest: number, what: string): (size: PictureSize) => string | null {
  return ({ width, height }) =>
    Math.min(width, height) < smallest
      ? `${width}x${height} is too small for ${what}; expected sides of ${smallest} pixels and more`
      : null;
}

/** A full-reference metric of one image, plain arithmetic. Label maps are images of one channel. */
export interface ImageMetric extends Metric {
  readonly of: Media;
  readonly against: 'truth';
  readonly level: 'image';
  readonly by: 'arithmetic';
  score(result: Image8, truth: Image8): number;
}

/** The same of a blur kernel that a method has found, row-major, against the one that was used. */
export interface KernelMetric extends Metric {
  readonly of: 'kernel';
  readonly against: 'truth';
  readonly level: 'image';
  readonly by: 'arithmetic';
  readonly protocol: Protocol;
  score(found: ArrayLike<number>, truth: ArrayLike<number>): number;
}
