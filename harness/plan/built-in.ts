import { datasets, openFolder } from '../data/index.ts';
import { checkDevice, deviceKinds } from '../engine/device.ts';
import { metrics } from '../metrics/index.ts';
import { priors } from '../priors/index.ts';
import { solvers } from '../solvers/index.ts';
import { tasks } from '../tasks/index.ts';
import type { Registries } from './registries.ts';

const byName = <T extends { readonly name: string }>(things: Iterable<T>): ReadonlyMap<string, T> =>
  new Map([...things].map((thing) => [thing.name, thing]));

/** Everything that is built in. */
export const builtIn: Registries = {
  solvers: byName(solvers),
  tasks: byName(tasks),
  metrics: byName(metrics),
  priors: byName(priors),
  datasets,
  devices: new Set(deviceKinds),
  checkDevice,
  openFolder,
};
