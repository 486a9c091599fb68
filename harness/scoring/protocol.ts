import type { MetricRef } from '../identity/refs.ts';
import type { AnyMetric } from '../metrics/kinds.ts';
import type { Protocol } from '../metrics/metric.ts';
import type { FeatureExtractor } from '../metrics/set-metric.ts';
import { findWeights, type WeightOverrides } from './weights.ts';

/** How a run keeps its pictures (worker/files.ts): the protocol of pictures that nothing was done to. */
export const STORED_PICTURES: Protocol = { files: 'png, 8-bit RGB' };

/** How it keeps label maps, whatever its pictures went through. */
const STORED_LABELS: Protocol = { files: 'png, 8-bit, the index of a class' };

/**
 * A metric with its whole protocol as far as it is known before there are pictures: its own choices, its network's, the
 * hashes of the weights. `pictures` says in which format the pictures are compared, and what they went through.
 * @throws UserError where weights are missing.
 */
export function referTo(metric: AnyMetric, pictures: Protocol, overrides?: WeightOverrides): MetricRef {
  const { name, version, level, of } = metric;
  const files = of === 'labels' ? STORED_LABELS : pictures;
  return { name, version, level, protocol: { ...metricProtocol(metric, overrides), ...files } };
}

/** A metric's protocol without files and pictures. Throws UserError where weights are missing. */
export function metricProtocol(metric: AnyMetric, overrides?: WeightOverrides): Protocol {
  if (metric.level === 'set') {
    return { ...extractorProtocol(metric.extractor, overrides), ...metric.protocol };
  }
  return metric.by === 'arithmetic'
    ? metric.protocol
    : metric.protocol(findWeights(metric, overrides).sha256);
}

/** What a picture's features depend on besides its pixels. */
export function extractorProtocol(extractor: FeatureExtractor, overrides?: WeightOverrides): Protocol {
  return { extractor: extractor.name, ...extractor.protocol(findWeights(extractor, overrides).sha256) };
}
