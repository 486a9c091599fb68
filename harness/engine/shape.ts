/** How many values an array of this shape holds; one where it has no axis. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
