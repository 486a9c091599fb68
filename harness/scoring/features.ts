import { UserError } from '../errors.ts';
import type { FeatureSet, OpenFeatureExtractor } from '../metrics/set-metric.ts';
import type { Image8 } from '../pictures/image8.ts';
import type { FeatureCache } from './feature-cache.ts';

/** A picture that features are wanted of; `name` is what a message calls it. */
export interface PictureToExtract {
  readonly sha256: string;
  readonly image: Image8;
  readonly name: string;
}

/**
 * Computes and keeps the features of those pictures that the cache lacks.
 * @throws UserError for features that are not finite: one of them would spoil the number of its whole set
 */
export async function cacheFeatures(
  pictures: readonly PictureToExtract[],
  cache: FeatureCache,
  extractor: () => Promise<OpenFeatureExtractor>,
): Promise<void> {
  const missing = [
    ...new Map(pictures.filter(({ sha256 }) => !cache.has(sha256)).map((p) => [p.sha256, p])).values(),
  ];
  if (missing.length === 0) return;
  const rows = await (await extractor()).features(missing.map(({ image }) => image));
  const dimensions = rows.length / missing.length;
  // All at once: each write waits for the disk.
  await Promise.all(
    missing.map(async ({ sha256, name }, i) => {
      const row = rows.slice(i * dimensions, (i + 1) * dimensions);
      requireFinite(row, name);
      await cache.write(sha256, row);
    }),
  );
}

/** The cached features of pictures as one set, a row a picture; each reading checks that they are whole and finite. */
export function cachedFeatures(
  pictures: readonly { readonly sha256: string; readonly image: string }[],
  cache: FeatureCache,
  dimensions: number,
): FeatureSet {
  return {
    dimensions,
    images: pictures.map(({ image }) => image),
    read(rows) {
      const data = new Float32Array(rows.length * dimensions);
      for (const [at, row] of rows.entries()) {
        const { sha256, image } = pictures[row]!;
        const features = cache.read(sha256);
        requireFinite(features, image);
        data.set(features, at * dimensions);
      }
      return data;
    },
  };
}

function requireFinite(features: Float32Array, name: string): void {
  const wrong = features.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new UserError(
    `${name}: the network gave a feature of ${wrong}; expected finite numbers (are its weights whole?)`,
  );
}
