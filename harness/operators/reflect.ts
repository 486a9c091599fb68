/** Index into a line mirrored without repeating its edge samples (reflection padding of less than the line's length). */
export function reflect(index: number, length: number): number {
  if (index < 0) return -index;
  return index < length ? index : 2 * (length - 1) - index;
}
