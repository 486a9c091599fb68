import { canonicalJson } from '../identity/canonical.ts';
import type { MetricRef } from '../identity/refs.ts';
import type { AnyMetric } from '../metrics/kinds.ts';
import type { Protocol } from '../metrics/metric.ts';
import type { Networked } from '../metrics/network-metric.ts';
import type { FeatureExtractor } from '../metrics/set-metric.ts';
import { type FoundFiles, findWeights, type WeightOverrides } from './weights.ts';

/** How a run keeps its pictures (worker/files.ts): the protocol of pictures that nothing was done to. */
export const STORED_PICTURES: Protocol = { files: 'png, 8-bit RGB' };

/** How it keeps label maps, whatever its pictures went through. */
const STORED_LABELS: Protocol = { files: 'png, 8-bit, the index of a class' };

/** How it keeps what is found beside a picture. */
const STORED_ARRAYS: Protocol = { files: 'safetensors, float32' };

/** The hashes of a network's weights, by their names. */
type Hashes = (network: Pick<Networked<unknown>, 'weights'>) => FoundFiles['sha256'];

/**
 * A metric with its whole protocol as far as it is known before there are pictures: its own choices, its network's, the
 * hashes of the weights. `pictures` says in which format the pictures are compared, and what they went through.
 * @throws UserError where weights are missing.
 */
export function referTo(metric: AnyMetric, pictures: Protocol, overrides?: WeightOverrides): MetricRef {
  return refer(metric, pictures, (network) => findWeights(network, overrides).sha256);
}

/**
 * A metric whose weights are missing, as stored numbers have it: their protocol says the hashes. null where it is not that
 * of this metric and these pictures.
 */
export function referToStored(metric: AnyMetric, pictures: Protocol, stored: Protocol): MetricRef | null {
  const hashes = canonicalJson(stored).match(/\b[0-9a-f]{64}\b/g) ?? [];
  const told: Hashes = ({ weights }) =>
    Object.fromEntries(
      weights.map((one) => {
        const published = 'sha256' in one ? one.sha256 : '';
        return [one.name, hashes.find((hash) => hash.startsWith(published)) ?? 'unknown'];
      }),
    );
  const ref = refer(metric, pictures, told);
  return canonicalJson(ref.protocol) === canonicalJson(stored) ? ref : null;
}

function refer(metric: AnyMetric, pictures: Protocol, sha256: Hashes): MetricRef {
  const { name, version, level, of } = metric;
  const files = {
    picture: pictures,
    labels: STORED_LABELS,
    kernel: STORED_ARRAYS,
    measurement: STORED_ARRAYS,
    kept: pictures,
    traits: pictures,
  }[of];
  return { name, version, level, protocol: { ...protocolOf(metric, sha256), ...files } };
}

/** A metric's protocol without files and pictures. Throws UserError where weights are missing. */
export function metricProtocol(metric: AnyMetric, overrides?: WeightOverrides): Protocol {
  return protocolOf(metric, (network) => findWeights(network, overrides).sha256);
}

function protocolOf(metric: AnyMetric, sha256: Hashes): Protocol {
  if (metric.level === 'set') {
    const { extractor } = metric;
    return { extractor: extractor.name, ...extractor.protocol(sha256(extractor)), ...metric.protocol };
  }
  return metric.by === 'arithmetic' ? metric.protocol : metric.protocol(sha256(metric));
}

/** What a picture's features depend on besides its pixels. */
export function extractorProtocol(extractor: FeatureExtractor, overrides?: WeightOverrides): Protocol {
  return { extractor: extractor.name, ...extractor.protocol(findWeights(extractor, overrides).sha256) };
}
