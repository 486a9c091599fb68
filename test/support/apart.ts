/**
 * How far two results lie apart: ||a - b|| / ||b||. `expect(a).not.toEqual(b)` holds of NaN too; this is NaN, which no
 * `toBeGreaterThan` takes, where either holds a number that is not finite or they differ in length.
 */
export function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN;
  let [difference, norm] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    if (!Number.isFinite(a[i]) || !Number.isFinite(b[i])) return Number.NaN;
    difference += (a[i]! - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}
