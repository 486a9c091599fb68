import type { Device } from '../engine/device.ts';
import type { Networked } from '../metrics/network-metric.ts';
import { findWeights, type WeightOverrides } from './weights.ts';

/** The networks that metrics ask, each opened once on a device that is itself opened when the first is needed. */
export class OpenMetrics {
  readonly #device: () => Promise<Pick<Device, 'compile' | 'constant'>>;
  readonly #overrides: WeightOverrides | undefined;
  readonly #open = new Map<Networked<unknown>, Promise<{ dispose(): void }>>();

  constructor(device: () => Promise<Pick<Device, 'compile' | 'constant'>>, overrides?: WeightOverrides) {
    this.#device = device;
    this.#overrides = overrides;
  }

  /** @throws UserError where weights are missing or hold another network */
  get<T extends { dispose(): void }>(network: Networked<T>): Promise<T> {
    let opening = this.#open.get(network) as Promise<T> | undefined;
    if (!opening) {
      const { paths } = findWeights(network, this.#overrides);
      opening = this.#device().then((device) => network.open(paths, device));
      this.#open.set(network, opening);
    }
    return opening;
  }

  async dispose(): Promise<void> {
    for (const opening of this.#open.values()) (await opening).dispose();
    this.#open.clear();
  }
}
