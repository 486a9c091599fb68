import type { z } from 'zod';
import type { Tensor } from '../engine/tf.ts';
import type { Operator } from '../operators/operator.ts';

/** One independent source of random numbers for each image of the batch. */
export interface ImageStreams {
  /** Standard normal [B, ...shape]; each image's values depend on (seed, role, image id, draw) alone. */
  normal(role: 'operator' | 'measurement', shape: readonly number[]): Tensor;
  /** Uniform [0,1) numbers of one image, for host-side drawing of masks and kernels. */
  uniforms(role: 'operator', imageIndex: number): () => number;
  readonly count: number;
}

/** A measurement and the operator that made it. */
export interface InverseProblem {
  /** Measurement [B,...]. */
  y: Tensor;
  A: Operator;
  /** Standard deviation of the measurement noise, for images in [-1,1]. */
  sigma: number;
  noise: 'gaussian' | 'poisson';
}

/** A parameter that does not go with the size of the images. */
export interface Misfit {
  readonly parameter: string;
  /** `a divisor of both sides`: read between "expected" and "for 64x64 images". */
  readonly expected: string;
}

/** A restoration task: draws an operator for each image and measures. Other kinds (edit, generate, ...) come beside it. */
export interface InverseTask<P extends z.ZodObject = z.ZodObject> {
  readonly kind: 'inverse';
  readonly name: string;
  /** As tables head it: Super-resolution. Default: the name. */
  readonly title?: string;
  /** Bump when the same parameters give other measurements. */
  readonly version: number;
  /** Where the definition comes from (paper and equation, or code). */
  readonly source: string;
  readonly params: P;
  /** Whether its operators have a pseudo-inverse. All tasks so far are linear. */
  readonly pseudoInverse?: true;
  /** What does not fit images of size [C,H,W]; null, or no such function: everything does. Asked before any `operator`. */
  misfit?(params: z.infer<P>, imageShape: readonly [number, number, number]): Misfit | null;
  /** The operators of one batch of images of size [C,H,W]. */
  operator(
    params: z.infer<P>,
    imageShape: readonly [number, number, number],
    streams: ImageStreams,
  ): Operator;
  /** Noise level for the given parameters, in [-1,1] units. */
  sigma(params: z.infer<P>): number;
  /** The trivial restoration that every table shows as a row: { name: 'bicubic', restore }. */
  baseline: {
    name: string;
    restore(problem: InverseProblem, imageShape: readonly [number, number, number]): Tensor;
  };
}

/** Keeps the parameter type of a task while the registry holds them uniformly. */
export function defineTask<P extends z.ZodObject>(task: InverseTask<P>): InverseTask {
  return task as unknown as InverseTask;
}
