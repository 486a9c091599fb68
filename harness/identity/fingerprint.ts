import { jsonHash } from './keys.ts';
import type { MetricRef, Params } from './refs.ts';

/** Short name of everything that a number depends on: numbers of different fingerprints are never compared. */
export function fingerprint({ name, version, protocol }: Omit<MetricRef, 'level'>): string {
  return jsonHash({ name, version, protocol }).slice(0, 12);
}

/** What a set-level number depends on besides its metric: both sets. */
export interface SetIdentity {
  /** How many pictures were generated; which ones is what the number measures. */
  readonly generated: number;
  /** sha256 of each reference picture. */
  readonly references: readonly string[];
  /** The references are the truths of the generated pictures. */
  readonly paired: boolean;
}

/** A metric's protocol with the sets that it was computed of. */
export function setProtocol(protocol: Params, { generated, references, paired }: SetIdentity): Params {
  return {
    ...protocol,
    generated,
    references: references.length,
    referenceSet: referenceSetOf(references),
    paired,
  };
}

/** Names a set of reference pictures by the sha256 of each, in no order. */
export function referenceSetOf(references: readonly string[]): string {
  return `sha256 ${jsonHash([...references].sort()).slice(0, 16)}`;
}
