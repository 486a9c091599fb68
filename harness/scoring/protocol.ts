import { jsonHash } from '../config/keys.ts';
import type { MetricRef } from '../config/plan.ts';
import { type AnyMetric, isNetworkMetric, isSetMetric, levelOf } from '../metrics/kinds.ts';
import type { Protocol } from '../metrics/metric.ts';
import type { FeatureExtractor } from '../metrics/set-metric.ts';
import { findWeights, type WeightOverrides } from './weights.ts';

/**
 * A metric with its whole protocol as far as it is known before there are pictures: its own choices, its network's, the
 * hashes of the weights. `files` says in which format the pictures are compared.
 * @throws UserError where weights are missing.
 */
export function referTo(metric: AnyMetric, files: string, overrides?: WeightOverrides): MetricRef {
  const { name, version } = metric;
  return { name, version, level: levelOf(metric), protocol: { ...metricProtocol(metric, overrides), files } };
}

/** A metric's protocol without files and pictures. Throws UserError where weights are missing. */
export function metricProtocol(metric: AnyMetric, overrides?: WeightOverrides): Protocol {
  if (isSetMetric(metric)) {
    return { ...extractorProtocol(metric.extractor, overrides), ...metric.protocol };
  }
  return isNetworkMetric(metric) ? metric.protocol(findWeights(metric, overrides).sha256) : metric.protocol;
}

/** What a picture's features depend on besides its pixels. */
export function extractorProtocol(extractor: FeatureExtractor, overrides?: WeightOverrides): Protocol {
  return { extractor: extractor.name, ...extractor.protocol(findWeights(extractor, overrides).sha256) };
}

/** Short name of everything that a number depends on: numbers of different fingerprints are never compared. */
export function fingerprint({ name, version, protocol }: Omit<MetricRef, 'level'>): string {
  return jsonHash({ name, version, protocol }).slice(0, 12);
}

/** What a set-level number depends on besides its metric: both sets. */
export interface SetIdentity {
  readonly generated: number;
  /** sha256 of each reference picture. */
  readonly references: readonly string[];
  readonly paired: boolean;
}

/** The whole protocol of a set-level number. Which pictures were generated is what it measures, not how. */
export function setProtocol(protocol: MetricRef['protocol'], identity: SetIdentity): MetricRef['protocol'] {
  const { generated, references, paired } = identity;
  return {
    ...protocol,
    generated,
    references: references.length,
    referenceSet: `sha256 ${jsonHash([...references].sort()).slice(0, 16)}`,
    paired,
  };
}
