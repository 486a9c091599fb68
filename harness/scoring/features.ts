import type { Image8 } from '../metrics/metric.ts';
import type { FeatureSet, OpenFeatureExtractor } from '../metrics/set-metric.ts';
import type { FeatureCache } from './feature-cache.ts';

/** Computes and keeps the features of those pictures that the cache lacks. */
export async function cacheFeatures(
  pictures: readonly { readonly sha256: string; readonly image: Image8 }[],
  cache: FeatureCache,
  extractor: () => Promise<OpenFeatureExtractor>,
): Promise<void> {
  const missing = [
    ...new Map(pictures.filter(({ sha256 }) => !cache.has(sha256)).map((p) => [p.sha256, p])).values(),
  ];
  if (missing.length === 0) return;
  const rows = await (await extractor()).features(missing.map(({ image }) => image));
  const dimensions = rows.length / missing.length;
  for (const [i, { sha256 }] of missing.entries()) {
    await cache.write(sha256, rows.slice(i * dimensions, (i + 1) * dimensions));
  }
}

/** The cached features of pictures as one set, a row a picture. */
export async function cachedFeatures(
  pictures: readonly { readonly sha256: string; readonly image: string }[],
  cache: FeatureCache,
  dimensions: number,
): Promise<FeatureSet> {
  const data = new Float32Array(pictures.length * dimensions);
  for (const [i, { sha256 }] of pictures.entries()) data.set(await cache.read(sha256), i * dimensions);
  return { data, dimensions, images: pictures.map(({ image }) => image) };
}
