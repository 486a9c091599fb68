import type { Registries } from '../config/registries.ts';
import { metrics } from '../metrics/index.ts';

const byName = <T extends { readonly name: string }>(things: Iterable<T>): ReadonlyMap<string, T> =>
  new Map([...things].map((thing) => [thing.name, thing]));

/** Everything that is built in. */
export const registries: Registries = {
  solvers: new Map(),
  tasks: new Map(),
  metrics: byName(metrics),
  priors: new Map(),
  datasets: new Map(),
  openFolder: () => {
    throw new Error('not yet');
  },
};
