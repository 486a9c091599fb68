import type { AnyMetric } from '../metrics/kinds.ts';
import type { Protocol } from '../metrics/metric.ts';
import type { FeatureExtractor } from '../metrics/set-metric.ts';

/** What the protocol of a plug-in's metric says of its file. */
export function pluginMark(sha256: string): string {
  return `sha256 ${sha256.slice(0, 16)}`;
}

/** A plug-in's metric; its protocol holds the hash of the file, so that an edit makes its numbers, and cached features, new. */
export function markedMetric(metric: AnyMetric, sha256: string): AnyMetric {
  const mark = { plugin: pluginMark(sha256) };
  if (metric.level === 'set') {
    const extractor: FeatureExtractor = derived(metric.extractor, {
      protocol: (hashes: Readonly<Record<string, string>>) => ({
        ...metric.extractor.protocol(hashes),
        ...mark,
      }),
    });
    return derived(metric, { protocol: { ...metric.protocol, ...mark }, extractor });
  }
  if (metric.by === 'arithmetic') return derived(metric, { protocol: { ...metric.protocol, ...mark } });
  return derived(metric, {
    protocol: (hashes: Readonly<Record<string, string>>): Protocol => ({
      ...metric.protocol(hashes),
      ...mark,
    }),
  });
}

/** Whatever it is made of, getters and classes included, with some properties replaced. */
function derived<T extends object>(thing: T, replaced: object): T {
  return Object.create(thing, Object.getOwnPropertyDescriptors(replaced)) as T;
}
