import type { Tensor } from '../engine/tf.ts';
import type { Operator } from '../operators/operator.ts';
import type { ByUnknown, OperatorFamily } from '../operators/operator-family.ts';
import type { Media, Scored } from '../pictures/media.ts';

/** What a method is told beside, where a parameter of its own asks for that. */
interface Told {
  /** One a picture: what it shows. Only where a prompt is `{ from: caption }`. */
  captions?: readonly string[];
}

/** What a method is given, by kind of task. */
export interface Given {
  /** A measurement and the operator that made it. */
  restore: Told & {
    /** Measurement [B,...]. */
    y: Tensor;
    A: Operator;
    /** Standard deviation of the measurement noise, for images in [-1,1]; of Poisson noise, that of a mid-grey pixel. */
    sigma: number;
    noise: 'gaussian' | 'poisson';
  };
  /** A measurement, and the operators one of which has made it. */
  blind: {
    /** Measurement [B,C,H,W]. */
    y: Tensor;
    A: OperatorFamily;
    /** Standard deviation of the Gaussian measurement noise, for images in [-1,1]. */
    sigma: number;
  };
  /** Pictures, and a handful of labelled ones. */
  segment: Told & {
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
  /** The same, and what the operator that made the measurement takes: a kernel [B,1,k,k], non-negative with sum 1. */
  blind: { x: Tensor } & ByUnknown<Tensor>;
  /** [B,H,W], int32: the index of each pixel's class. */
  segment: { labels: Tensor };
}

export type Kind = keyof Given & keyof Found;

/** What a method may hand back: where it finds one thing, that thing can stand for itself. */
export type Answer<K extends Kind> = Found[K] | Tensor;

/** What is kept of a batch and shown, by the role that it has. */
interface Roles<K extends Kind> {
  /** What its methods do: `a method to ...`. */
  readonly does: string;
  readonly result: Media;
  /** What of a method's finds the result is: [B,...]. */
  readonly found: keyof Found[K];
  /** What metrics can be of. */
  readonly scored: readonly Scored[];
  /** What a method must find beside it, kept in the array file of the result. */
  readonly beside: readonly string[];
  /** What is asked for where an experiment names no metric. */
  readonly metrics: readonly string[];
  /** [B,C,h,w] in about [-1,1], drawn as pictures. */
  givenOf(given: Given[K]): Tensor;
  /** What no result can hold, of one that has the right shape and type; null: nothing. Infinities are looked for elsewhere. */
  mistakeIn(result: ArrayLike<number>, given: Given[K]): string | null;
}

const roles: { readonly [K in Kind]: Roles<K> } = {
  restore: {
    does: 'restore',
    result: 'picture',
    found: 'x',
    scored: ['picture', 'measurement'],
    beside: [],
    metrics: ['psnr', 'ssim'],
    givenOf: ({ y, A }) => A.shown?.(y) ?? y,
    mistakeIn: () => null,
  },
  blind: {
    does: 'restore blindly',
    result: 'picture',
    found: 'x',
    scored: ['picture', 'kernel'],
    beside: ['kernel'],
    metrics: ['psnr', 'ssim', 'kernel-mnc'],
    givenOf: ({ y }) => y,
    mistakeIn: () => null,
  },
  segment: {
    does: 'segment',
    result: 'labels',
    found: 'labels',
    scored: ['labels'],
    beside: [],
    metrics: ['miou'],
    givenOf: ({ x }) => x,
    mistakeIn: (labels, { examples: { classes } }) => strayLabel(labels, classes),
  },
};

export const KINDS = Object.keys(roles) as readonly Kind[];

export function rolesOf<K extends Kind>(kind: K): Roles<K> {
  return roles[kind];
}

/** The result among what a method has handed back; a stranger's method may have handed back anything. */
export function resultOf<K extends Kind>(kind: K, answer: Answer<K>): Tensor {
  const { found } = rolesOf(kind);
  const isFound = typeof answer === 'object' && answer !== null && found in answer;
  return (isFound ? (answer as Found[K])[found] : answer) as Tensor;
}

function strayLabel(labels: ArrayLike<number>, classes: readonly string[]): string | null {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label < 0 || label >= classes.length)
      return `a label of ${label}, expected the index of a class, 0 to ${classes.length - 1}`;
  }
  return null;
}
