import { readConfig } from '../config/read.ts';
import { UserError } from '../errors.ts';
import { builtIn } from '../plan/built-in.ts';
import type { PluginRef } from '../plan/described.ts';
import { loadPlugin, readPlugins, withPlugins } from '../plan/plugins.ts';
import type { Registries } from '../plan/registries.ts';

export { builtIn as registries } from '../plan/built-in.ts';

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
    builtIn,
    loaded.filter((plugin) => plugin !== null),
  );
}

/** What an experiment's file could name; without its plug-ins where they do not load any more: results outlive them. */
export async function registriesOf(configFile: string): Promise<Registries> {
  try {
    return withPlugins(builtIn, await readPlugins(readConfig(configFile).root));
  } catch (error) {
    if (error instanceof UserError) return builtIn;
    throw error;
  }
}
