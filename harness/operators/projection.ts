import { type Tensor, tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import type { Operator } from './operator.ts';

/** Puts the measurement into a picture, of an operator that measures all parts of a picture equally well. */
export interface Projection {
  /**
   * x = signal x_0 + noise, [B,C,H,W], with its measured part replaced by that of y.
   * @param signal in (0,1]; 1: x is a picture and y is taken as it is
   */
  project(x: Tensor, y: Tensor, signal: number): Tensor;
  /** Variance of the noise in the measured part of a picture that unit noise on y amounts to. */
  readonly variance: number;
}

/** x - A^+ (A x - signal y) of a linear operator whose singular values are all 0 or `singular`. */
export function linearProjection(
  { forward, pseudoInverse }: Pick<Required<Operator>, 'forward' | 'pseudoInverse'>,
  singular: number,
): Projection {
  return {
    project: (x, y, signal) => tf.sub(x, pseudoInverse(tf.sub(forward(x), tf.mul(signal, y)))),
    variance: singular ** -2,
  };
}

/**
 * The operator's projection.
 * @throws UserError if A has none.
 */
export function projectionOf(A: Operator): Projection {
  if (!A.projection) throw new UserError(`operator ${A.name} has no projection onto its measurements`);
  return A.projection;
}
