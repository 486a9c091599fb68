/** The value below which a share `q` of the samples lies, interpolated. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** "12.3 [11.9, 13.0]": median and quartiles. */
export function spread(samples: readonly number[]): string {
  const digits = median(samples) < 10 ? 2 : median(samples) < 100 ? 1 : 0;
  const show = (q: number) => quantile(samples, q).toFixed(digits);
  return `${show(0.5)} [${show(0.25)}, ${show(0.75)}]`;
}
