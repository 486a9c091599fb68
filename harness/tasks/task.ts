import type { z } from 'zod';
import type { Dataset, Traits } from '../data/dataset.ts';
import type { Tensor } from '../engine/tf.ts';
import type { ByUnknown } from '../operators/operator-family.ts';
import type { Answer, Given, Kind } from './kinds.ts';

/** One independent source of random numbers for each image of the batch. */
export interface ImageStreams {
  /** Standard normal [B, ...shape]; each image's values depend on (seed, role, image id, draw) alone. */
  normal(role: 'operator' | 'measurement', shape: readonly number[]): Tensor;
  /** Uniform [0,1) numbers of one image, for host-side drawing of masks, kernels and counts. */
  uniforms(role: 'operator' | 'measurement', imageIndex: number): () => number;
  readonly count: number;
}

/** [C,H,W]. */
export type ImageShape = readonly [channels: number, height: number, width: number];

/** The pictures of one batch. */
export interface Pictures {
  /** [B,C,H,W] in [-1,1]. */
  readonly x: Tensor;
  readonly ids: readonly string[];
  readonly dataset: Dataset;
}

/** What results are judged by beside their truth. */
export interface Wanted {
  /** One a picture: what it is to show. Default: what the data set says of the picture that was posed. */
  readonly captions?: readonly string[];
  /** [B,1,H,W]: 0 where a result is to be as the picture was, 1 elsewhere. */
  readonly mask?: Tensor;
  /** One a picture: the traits that it is to have, of those that were asked for. */
  readonly traits?: readonly Traits[];
}

/** What a method is given for a batch, and what it should find. */
export interface Posed<K extends Kind> {
  readonly given: Given[K];
  /** [B,...], of the medium of the kind's result. */
  readonly truth: Tensor;
  /** The same of what methods find beside it, by its name there: [B,...]. */
  readonly truths?: Readonly<Record<string, Tensor>>;
  readonly wanted?: Wanted;
}

/** A parameter that does not go with the size of the images. */
export interface Misfit {
  readonly parameter: string;
  /** `a divisor of both sides`: read between "expected" and "for 64x64 images". */
  readonly expected: string;
}

/** What methods are compared on: how pictures become what a method is given. */
export interface Task<K extends Kind = Kind, P extends z.ZodObject = z.ZodObject> {
  readonly kind: K;
  readonly name: string;
  /** As tables head it: Super-resolution. Default: the name. */
  readonly title?: string;
  /** Bump when the same parameters pose another problem. */
  readonly version: number;
  /** Where the definition comes from (paper and equation, or code). */
  readonly source: string;
  readonly params: P;
  /** Whether its operators have a pseudo-inverse. */
  readonly pseudoInverse?: true;
  /** Whether their singular value decomposition is known in closed form. */
  readonly svd?: true;
  /** Whether they are not linear. */
  readonly nonlinear?: true;
  /** Whether its operators measure all parts of a picture equally well, and have a projection. */
  readonly projection?: true;
  /** Whether it is posed on data sets with labels only. */
  readonly labelled?: true;
  /** Whether it is posed on data sets with captions only. */
  readonly captioned?: true;
  /** Whether it is posed on data sets only that know what their pictures would be with other traits. */
  readonly editable?: true;
  /** The traits, with their values, that its parameters name, each by the parameter: they must be the data set's. */
  traits?(params: z.infer<P>): Readonly<Record<string, Traits>>;
  /** Why it is not posed on a picture of an editable set, as `shows hat: red already`; null: it is. No such function: on all. */
  leavesOut?(dataset: Dataset, id: string, params: z.infer<P>): Promise<string | null>;
  /** Ids of the pictures that its methods are shown as examples: none of them is scored. */
  shows?(dataset: Dataset, params: z.infer<P>): Promise<readonly string[]>;
  /** Of a blind task: [c,h,w] of what its methods look for beside the picture, which a prior's networks of them must have. */
  unknownShapes?(params: z.infer<P>, imageShape: ImageShape): ByUnknown<readonly [number, number, number]>;
  /** What does not fit images of size [C,H,W]; null, or no such function: everything does. Asked before any `pose`. */
  misfit?(params: z.infer<P>, imageShape: ImageShape): Misfit | null;
  /** @throws UserError if the parameters do not fit the images' size. */
  pose(pictures: Pictures, params: z.infer<P>, streams: ImageStreams): Promise<Posed<K>>;
  /** The trivial method that every table shows as a row. */
  readonly baseline?: {
    readonly name: string;
    solve(given: Given[K], imageShape: ImageShape): Answer<K>;
  };
}

/** Keeps the parameter type of a task while the registry holds them uniformly. */
export function defineTask<K extends Kind, P extends z.ZodObject>(task: Task<K, P>): Task<K> {
  return task as unknown as Task<K>;
}
