/** Means, intervals and paired comparisons. The image is the unit: its seeds are repeated looks at one sample. */
import { uniforms } from '../engine/random.ts';
import { wilcoxonSignedRank } from './wilcoxon.ts';

/** One value of a metric. */
export interface Score {
  readonly image: string;
  readonly seed: number;
  readonly value: number;
}

/** A mean with its 95 % interval. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly images: number;
}

/** A paired comparison of two methods. */
export interface Difference extends Estimate {
  /** Two-sided Wilcoxon signed-rank p value of the per-image mean differences. */
  readonly p: number;
}

const RESAMPLES = 2000;

/**
 * Mean over images of each image's mean over its seeds, with a 95 % percentile bootstrap interval that resamples whole
 * images with all their seeds. Deterministic. One image alone has no spread to resample: its interval is NaN.
 */
export function estimate(scores: readonly Score[]): Estimate {
  return bootstrap(imageMeans(scores));
}

/** Of the mean that `estimate` gives; null for one image alone. */
export function meanError(scores: readonly Score[]): number | null {
  return standardError(imageMeans(scores));
}

/** `a` minus `b` over the (image, seed) pairs that both have; NaN throughout where there is none. */
export function pairedDifference(a: readonly Score[], b: readonly Score[]): Difference {
  const perImage = pairedDifferences(a, b);
  return { ...bootstrap(perImage), p: wilcoxonSignedRank(perImage) };
}

/** The same of each image: the mean over the seeds that both have. */
export function pairedDifferences(a: readonly Score[], b: readonly Score[]): number[] {
  const other = new Map(b.map((score) => [pairKey(score), score.value]));
  const differences = a.flatMap(({ image, seed, value }) => {
    const others = other.get(pairKey({ image, seed }));
    return others === undefined ? [] : [{ image, seed, value: value - others }];
  });
  return imageMeans(differences);
}

/** Of the mean of independent values: their sample deviation / sqrt(n); null for fewer than two, or one not finite. */
export function standardError(values: readonly number[]): number | null {
  if (values.length < 2 || !values.every(Number.isFinite)) return null;
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function pairKey({ image, seed }: Pick<Score, 'image' | 'seed'>): string {
  return `${seed} ${image}`;
}

/** Sorted by image id, so that the order of the rows does not change the interval. */
function imageMeans(scores: readonly Score[]): number[] {
  const byImage = new Map<string, number[]>();
  for (const { image, value } of scores) {
    const values = byImage.get(image);
    if (values) values.push(value);
    else byImage.set(image, [value]);
  }
  return [...byImage.keys()].sort().map((image) => mean(byImage.get(image)!));
}

function bootstrap(perImage: readonly number[]): Estimate {
  const images = perImage.length;
  if (images < 2) return { mean: mean(perImage), low: Number.NaN, high: Number.NaN, images };
  const means = resampledMeans(perImage);
  means.sort();
  return { mean: mean(perImage), low: quantile(means, 0.025), high: quantile(means, 0.975), images };
}

function resampledMeans(perImage: readonly number[]): Float64Array {
  const images = perImage.length;
  const values = Float64Array.from(perImage);
  const means = new Float64Array(RESAMPLES);
  const { drawn, draw } = resamples(images);
  for (let resample = 0, next = 0; resample < RESAMPLES; resample++) {
    let sum = 0;
    for (let i = 0; i < images; i++) sum += values[drawn ? drawn[next++]! : draw()]!;
    means[resample] = sum / images;
  }
  return means;
}

/** 32 MiB of drawn images are kept: a report asks for the same draws, of as many images, for each of its numbers. */
const MOST_KEPT = 2 ** 23;
let kept = { images: 0, drawn: new Uint32Array() };

/** The images of one resample after another, each as its place among the given number of them; `drawn` where they are kept. */
function resamples(images: number): { readonly drawn: Uint32Array | null; readonly draw: () => number } {
  const uniform = uniforms({ seed: 0, role: 'sample', image: 'bootstrap', draw: images });
  const draw = () => Math.floor(uniform() * images);
  if (images * RESAMPLES > MOST_KEPT) return { drawn: null, draw };
  if (kept.images !== images)
    kept = { images, drawn: Uint32Array.from({ length: images * RESAMPLES }, draw) };
  return { drawn: kept.drawn, draw };
}

/** Linear interpolation between order statistics (numpy's default). */
function quantile(sorted: Float64Array, q: number): number {
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}
