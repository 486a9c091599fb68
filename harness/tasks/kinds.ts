import type { Tensor } from '../engine/tf.ts';
import type { Operator } from '../operators/operator.ts';
import type { ByUnknown, OperatorFamily } from '../operators/operator-family.ts';

/** What a method is told beside, where a parameter of its own asks for that. */
interface Told {
  /** One a picture: what it shows. Only where a prompt is `{ from: caption }`. */
  captions?: readonly string[];
}

/** [N,C,H,W] in [-1,1] of each domain; N may differ. They are the batch's, as all that is given. */
interface Examples {
  from: Tensor;
  to: Tensor;
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
  /** Pictures. */
  invert: {
    /** [B,C,H,W] in [-1,1]. */
    x: Tensor;
    /** One a picture: what it shows. Only where the data set says it. */
    captions?: readonly string[];
  };
  /** Pictures, and what is to be changed in them. */
  edit: {
    /** [B,C,H,W] in [-1,1]. */
    x: Tensor;
    /** One a picture: what it shows. */
    captions: readonly string[];
    /** One a picture: what it is to show. */
    targets: readonly string[];
    /** [B,1,H,W]: 1 where something may change, else 0. Only where the task tells it. */
    mask?: Tensor;
  };
  /** What is to be shown: a picture for each. */
  generate: { captions: readonly string[] };
  /** Pictures of one domain. */
  translate: {
    /** [B,C,H,W] in [-1,1]. */
    x: Tensor;
    /** What the pictures of their domain show, and those of the other one, as prompts. */
    from: string;
    to: string;
    /** Further pictures of both domains, unpaired; made when they are asked for. Only where the task shows some. */
    examples?(): Promise<Examples>;
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
  /** The pictures [B,C,H,W] as they are made again of what was found; the noise [B,...] of a prior's shape, where it is noise. */
  invert: { x: Tensor; noise?: Tensor };
  /** Edited pictures [B,C,H,W]. */
  edit: { x: Tensor };
  /** Pictures [B,C,H,W]. */
  generate: { x: Tensor };
  /** Pictures of the other domain [B,C,H,W]. */
  translate: { x: Tensor };
}

export type Kind = keyof Given & keyof Found;

/** What a method may hand back: where it finds one thing, that thing can stand for itself. */
export type Answer<K extends Kind> = Found[K] | Tensor;
