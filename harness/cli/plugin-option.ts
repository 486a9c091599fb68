import { resolve } from 'node:path';
import { builtIn } from '../plan/built-in.ts';
import { loadPlugin, withPlugins } from '../plan/plugins.ts';
import type { Registries } from '../plan/registries.ts';

/** Modules whose parts a command knows beside the built-in ones, where no experiment file names them. */
export const pluginOption = {
  type: 'string',
  array: true,
  requiresArg: true,
  default: [] as string[],
  describe: 'Modules of your own, whose solvers, tasks, metrics and data sets are known too',
} as const;

/** What is built in, and what these files add. Throws UserError for one that does not load, or a name that is taken. */
export async function registriesWithFiles(files: readonly string[]): Promise<Registries> {
  return withPlugins(builtIn, await Promise.all(files.map((file) => loadPlugin(resolve(file)))));
}
