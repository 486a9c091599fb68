import type { ExpectedNumber, Tolerance } from './manifest.ts';
import { toDoubles, type Values } from './values.ts';

/** The errors of a result, and whether it lies within its limits. */
export interface Comparison {
  /** Name of the tensor or number. */
  readonly name: string;
  readonly pass: boolean;
  /** max |a - b|; null: the arrays cannot be compared. */
  readonly maxAbs: number | null;
  /** ||a - b|| / ||b||. */
  readonly relL2: number | null;
  /** max |a - b| / |b|. */
  readonly maxRel: number | null;
  readonly limits: Readonly<Record<string, number | true>>;
  /** The largest error in terms of its limit: at most 1 where it passes. */
  readonly share: number;
  /** Why it failed, where the errors do not say it. */
  readonly reason?: string;
}

/** Compares a result with the reference's tensor. */
export function compareTensor(
  name: string,
  actual: Values,
  reference: Values,
  tolerance: Tolerance,
): Comparison {
  const limits = tolerance;
  if (Object.keys(limits).length === 0) return refused(name, limits, 'its tolerance has no limit');
  if (actual.shape.join() !== reference.shape.join())
    return refused(name, limits, `shape [${actual.shape}]; the reference has [${reference.shape}]`);
  const expected = toDoubles(reference);
  // A float32 reference asks for a float32 result.
  const computed =
    reference.data instanceof Float32Array ? Float32Array.from(toDoubles(actual)) : toDoubles(actual);
  const strange = computed.findIndex((v) => !Number.isFinite(v));
  if (strange >= 0) return refused(name, limits, `value ${strange} is ${computed[strange]}`);
  const errors = distances(computed, expected);
  const { maxAbs, relL2, maxRel } = errors;
  const shares = [
    share(maxAbs, limits.max_abs),
    share(relL2, limits.rel_l2),
    share(maxRel, limits.max_rel),
    limits.exact ? share(maxAbs, 0) : 0,
  ];
  return judged(name, errors, limits, Math.max(...shares));
}

/** Compares a number with the reference's. */
export function compareNumber(expected: ExpectedNumber, actual: number): Comparison {
  const { name, value, abs_tol, rel_tol } = expected;
  const limits = { ...(abs_tol !== undefined && { abs_tol }), ...(rel_tol !== undefined && { rel_tol }) };
  if (Object.keys(limits).length === 0) return refused(name, limits, 'it has neither abs_tol nor rel_tol');
  if (!Number.isFinite(actual)) return refused(name, limits, `it is ${actual}`);
  const errors = distances([actual], [value]);
  return judged(name, errors, limits, Math.max(share(errors.maxAbs, abs_tol), share(errors.maxRel, rel_tol)));
}

/** A comparison that could not be made. */
export function refused(name: string, limits: Comparison['limits'], reason: string): Comparison {
  const share = Number.POSITIVE_INFINITY;
  return { name, pass: false, maxAbs: null, relL2: null, maxRel: null, limits, share, reason };
}

interface Distances {
  maxAbs: number;
  relL2: number;
  maxRel: number;
}

function judged(name: string, errors: Distances, limits: Comparison['limits'], share: number): Comparison {
  return { name, pass: share <= 1, ...errors, limits, share };
}

function distances(actual: ArrayLike<number>, expected: ArrayLike<number>): Distances {
  let [maxAbs, maxRel, squares, norm] = [0, 0, 0, 0];
  for (let i = 0; i < expected.length; i++) {
    const reference = expected[i]!;
    const error = Math.abs(actual[i]! - reference);
    maxAbs = worse(maxAbs, error);
    maxRel = worse(maxRel, ratio(error, Math.abs(reference)));
    squares += error * error;
    norm += reference * reference;
  }
  return { maxAbs, maxRel, relL2: ratio(Math.sqrt(squares), Math.sqrt(norm)) };
}

/** NaN, of a reference that is not finite, is the worst. */
function worse(a: number, b: number): number {
  return b > a || Number.isNaN(b) ? b : a;
}

/** 0/0 = 0. */
function ratio(error: number, scale: number): number {
  return error === 0 ? 0 : error / scale;
}

function share(error: number, limit: number | undefined): number {
  if (limit === undefined) return 0;
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : ratio(error, limit);
}
