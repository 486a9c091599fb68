/** Fixed decimals with a true minus sign; infinities and NaN by name. */
export function formatFixed(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** The same with a sign in front of positive values. */
export function formatSigned(value: number, digits: number): string {
  const text = formatFixed(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** [low, high]; a dash for an interval that does not exist (one image has no spread). */
export function formatInterval(low: number, high: number, digits: number, format = formatFixed): string {
  if (Number.isNaN(low)) return '—';
  return `[${format(low, digits)}, ${format(high, digits)}]`;
}

/** ±0.42: half the interval's width; nothing where there is no interval. */
export function formatHalfWidth({ low, high }: { low: number; high: number }, digits: number): string {
  return Number.isNaN(low) ? '' : ` ± ${formatFixed((high - low) / 2, digits)}`;
}

/** (SE 0.42); nothing where there is no standard error. */
export function formatError(standardError: number | null, digits: number): string {
  return standardError === null ? '' : ` (SE ${formatFixed(standardError, digits)})`;
}

/** p = 0.031, p < 0.001 */
export function formatP(p: number): string {
  if (Number.isNaN(p)) return 'p n/a';
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}

/** 1,234 */
export function formatCount(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}

/** Seconds with three significant figures: 0.0421 s, 3.72 s, 128 s. */
export function formatSeconds(seconds: number): string {
  if (seconds === 0) return '0 s';
  return `${seconds >= 100 ? Math.round(seconds) : Number(seconds.toPrecision(3))} s`;
}

/** N of a cell: 8 × 3 is eight images with three seeds each. */
export function formatN({ images, seeds }: { images: number; seeds: number }): string {
  return seeds > 1 ? `${formatCount(images)} × ${seeds}` : formatCount(images);
}
