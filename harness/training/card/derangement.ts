/**
 * A random order of 0 ... count - 1 in which nothing keeps its place: one cycle through all (Sattolo, Information
 * Processing Letters 22, 1986). Throws RangeError below two.
 * @param random uniform numbers in [0,1)
 */
export function derangement(count: number, random: () => number): number[] {
  if (count < 2) throw new RangeError(`${count} cannot be put in an order where nothing keeps its place`);
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
