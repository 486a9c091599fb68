/** How a line of samples goes on beyond its ends, by the names of numpy.pad; `constant` means zeros. */
export const BOUNDARIES = ['reflect', 'symmetric', 'edge', 'wrap', 'constant'] as const;
export type Boundary = (typeof BOUNDARIES)[number];

/**
 * The sample that stands at an index of the continued line; null: a zero. `reflect` mirrors without the edge sample,
 * `symmetric` with it.
 */
export function sourceIndex(boundary: Boundary, index: number, length: number): number | null {
  if (index >= 0 && index < length) return index;
  switch (boundary) {
    case 'reflect':
      // A single sample reflects to itself.
      return length === 1 ? 0 : mirrored(index, length, 2 * length - 2);
    case 'symmetric':
      return mirrored(index, length, 2 * length);
    case 'edge':
      return index < 0 ? 0 : length - 1;
    case 'wrap':
      return modulo(index, length);
    case 'constant':
      return null;
  }
}

/** In the line and its mirror image, which come again every `period` samples. */
function mirrored(index: number, length: number, period: number): number {
  const phase = modulo(index, period);
  const back = period - phase - (period === 2 * length ? 1 : 0);
  return phase < length ? phase : back;
}

function modulo(a: number, n: number): number {
  return ((a % n) + n) % n;
}
