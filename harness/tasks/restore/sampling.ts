/** Random numbers of other distributions from a stream of uniform ones in [0,1). */

export type Uniforms = () => number;

export function between(next: Uniforms, low: number, high: number): number {
  return low + (high - low) * next();
}

/** A whole number in [low, high). */
export function wholeBetween(next: Uniforms, low: number, high: number): number {
  return low + Math.floor(next() * (high - low));
}

/** Beta(a, b) for whole a and b: the a-th smallest of a + b - 1 uniform numbers. */
export function beta(next: Uniforms, a: number, b: number): number {
  return Float64Array.from({ length: a + b - 1 }, next).sort()[a - 1]!;
}

/** Triangular distribution on [low, high] with the given mode, by inversion. */
export function triangular(next: Uniforms, low: number, mode: number, high: number): number {
  const u = next();
  const split = (mode - low) / (high - low);
  return u < split
    ? low + Math.sqrt(u * (high - low) * (mode - low))
    : high - Math.sqrt((1 - u) * (high - low) * (high - mode));
}
