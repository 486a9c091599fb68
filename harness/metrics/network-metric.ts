import type { Device } from '../engine/device.ts';
import type { Image8 } from '../pictures/image8.ts';
import type { Metric, Protocol } from './metric.ts';

/** A file of weights that a network needs. */
export interface RequiredFile {
  /** As upstream calls it; the name by which it is looked up. */
  readonly name: string;
  /** sha256 of the upstream file, or its first hex digits where upstream publishes no more. */
  readonly sha256: string;
}

/** A folder of weights with their configs, looked up by the name that `tweedie weights list` shows. */
export interface RequiredFolder {
  readonly name: string;
  /** Paths of those of its files that change a number. Throws UserError for another kind of folder. */
  files(folder: string): readonly string[];
}

/** What a network is computed on. */
export type NetworkDevice = Pick<Device, 'compile' | 'constant'>;

/** What needs weights; `Open` is what it gives once they are loaded. */
export interface Networked<Open> {
  readonly weights: readonly (RequiredFile | RequiredFolder)[];
  /** Every choice that changes a value; `sha256` gives the hashes of the weights that are used, by their names. */
  protocol(sha256: Readonly<Record<string, string>>): Protocol;
  /**
   * @param paths the files and folders by their names
   * @throws UserError for a file that cannot be read or holds another network
   */
  open(paths: Readonly<Record<string, string>>, device: NetworkDevice): Promise<Open>;
}

/** A full-reference metric of single images that asks a network. */
export interface NetworkMetric extends Omit<Metric, 'protocol'>, Networked<OpenNetworkMetric> {
  readonly of: 'picture';
  readonly against: 'truth';
  readonly level: 'image';
  readonly by: 'network';
}

export interface OpenNetworkMetric {
  /** One value a pair. The pictures of a pair have the same size; pairs may differ. */
  scores(restored: readonly Image8[], truths: readonly Image8[]): Promise<number[]>;
  dispose(): void;
}

/** A metric of how well a picture shows what its caption says: it asks a network and needs no truth. */
export interface CaptionMetric extends Omit<Metric, 'protocol'>, Networked<OpenCaptionMetric> {
  readonly of: 'picture';
  readonly against: 'caption';
  readonly level: 'image';
  readonly by: 'network';
}

export interface OpenCaptionMetric {
  /** One value a picture; sizes may differ. */
  scores(restored: readonly Image8[], captions: readonly string[]): Promise<number[]>;
  dispose(): void;
}
