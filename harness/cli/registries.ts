import { datasets, openFolder } from '../data/index.ts';
import { checkDevice, deviceKinds } from '../engine/device.ts';
import { UserError } from '../errors.ts';
import { metrics } from '../metrics/index.ts';
import type { PluginRef } from '../plan/described.ts';
import { loadPlugin, withPlugins } from '../plan/plugins.ts';
import type { Registries } from '../plan/registries.ts';
import { priors } from '../priors/index.ts';
import { solvers } from '../solvers/index.ts';
import { tasks } from '../tasks/index.ts';

const byName = <T extends { readonly name: string }>(things: Iterable<T>): ReadonlyMap<string, T> =>
  new Map([...things].map((thing) => [thing.name, thing]));

/** Everything that is built in. */
export const registries: Registries = {
  solvers: byName(solvers),
  tasks: byName(tasks),
  metrics: byName(metrics),
  priors: byName(priors),
  datasets,
  devices: new Set(deviceKinds),
  checkDevice,
  openFolder,
};

/** What is built in, and what these plug-ins add; results outlive those that do not load any more. */
export async function registriesWith(plugins: readonly PluginRef[]): Promise<Registries> {
  const loading = plugins.map((ref) =>
    loadPlugin(ref).catch((error: unknown) => {
      if (error instanceof UserError) return null;
      throw error;
    }),
  );
  const loaded = await Promise.all(loading);
  return withPlugins(
    registries,
    loaded.filter((plugin) => plugin !== null),
  );
}
