/** Numbers that contenders are compared by: every so-many-th of a result, some 64 of them; pytorch/main.py does the same. */
export function sampleStride(count: number): number {
  return Math.max(1, Math.floor(count / 64));
}
