import { UserError } from '../errors.ts';
import { builtIn } from '../plan/built-in.ts';
import type { PluginRef } from '../plan/described.ts';
import { loadPlugin, withPlugins } from '../plan/plugins.ts';
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
