import type { Image8 } from '../pictures/image8.ts';
import type { Metric } from './metric.ts';
import type { Networked } from './network-metric.ts';

/** Values of traits by name: `{ hat: 'red' }`. */
type Traits = Readonly<Record<string, string>>;

/** A metric of how far a picture has the traits that it was to have: it asks a network and needs no truth. */
export interface TraitMetric extends Omit<Metric, 'protocol'>, Networked<OpenTraitMetric> {
  readonly of: 'traits';
  readonly against: 'traits';
  readonly level: 'image';
  readonly by: 'network';
  /** The traits that it can see, with their values: those of a data set must be among them. */
  readonly sees: Readonly<Record<string, readonly string[]>>;
}

export interface OpenTraitMetric {
  /** One value a picture; sizes may differ. Each is to have one trait at least. */
  scores(pictures: readonly Image8[], wanted: readonly Traits[]): Promise<number[]>;
  dispose(): void;
}
