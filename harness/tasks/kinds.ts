import { type Tensor, tf } from '../engine/tf.ts';
import type { Operator } from '../operators/operator.ts';
import type { Media } from '../pictures/media.ts';

/** What a method is given, by kind of task. */
export interface Given {
  /** A measurement and the operator that made it. */
  restore: {
    /** Measurement [B,...]. */
    y: Tensor;
    A: Operator;
    /** Standard deviation of the measurement noise, for images in [-1,1]. */
    sigma: number;
    noise: 'gaussian' | 'poisson';
  };
  /** Pictures, and a handful of labelled ones. */
  segment: {
    /** [B,C,H,W] in [-1,1]. */
    x: Tensor;
    examples: {
      /** [N,C,H,W] in [-1,1]. */
      x: Tensor;
      /** [N,H,W], int32: the index of each pixel's class. */
      labels: Tensor;
      classes: readonly string[];
    };
  };
}

/** What it finds. */
export interface Found {
  /** Restored images [B,C,H,W] (not clipped). */
  restore: { x: Tensor };
  /** [B,H,W], int32: the index of each pixel's class. */
  segment: { labels: Tensor };
}

export type Kind = keyof Given & keyof Found;

/** What a method may hand back: the picture that a restorer finds can stand for itself. */
export type Answer<K extends Kind> = K extends 'restore' ? Found[K] | Tensor : Found[K];

/** What is kept of a batch and shown, by the role that it has. */
interface Roles<K extends Kind> {
  readonly result: Media;
  /** What is asked for where an experiment names no metric. */
  readonly metrics: readonly string[];
  /** [B,...], of each image. */
  resultOf(answer: Answer<K>): Tensor;
  /** [B,C,h,w], drawn as pictures. */
  givenOf(given: Given[K]): Tensor;
}

const roles: { readonly [K in Kind]: Roles<K> } = {
  restore: {
    result: 'picture',
    metrics: ['psnr', 'ssim'],
    resultOf: (answer) => (answer instanceof tf.Tensor ? answer : answer.x),
    givenOf: ({ y }) => y,
  },
  segment: {
    result: 'labels',
    metrics: ['miou'],
    resultOf: ({ labels }) => labels,
    givenOf: ({ x }) => x,
  },
};

export function rolesOf<K extends Kind>(kind: K): Roles<K> {
  return roles[kind];
}
