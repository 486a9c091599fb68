/** Pictures that are decoded at the same time hold no more pixels together, unless one alone does. */
const PIXELS = 32e6;

/** Slices that hold no more pixels than memory has room for, in order. */
export function inSmallParts<T>(items: readonly T[], pixelsOf: (item: T) => number): T[][] {
  const parts: T[][] = [];
  let pixels = Number.POSITIVE_INFINITY;
  for (const item of items) {
    pixels += pixelsOf(item);
    if (pixels > PIXELS) {
      parts.push([]);
      pixels = pixelsOf(item);
    }
    parts.at(-1)!.push(item);
  }
  return parts;
}
