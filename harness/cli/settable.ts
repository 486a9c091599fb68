import { readConfig } from '../config/read.ts';
import { settableKeys } from '../editor/settable-keys.ts';
import { readPlugins, withPlugins } from '../plan/plugins.ts';
import { registries } from './registries.ts';

/** The keys that `--set` can give to an experiment's file. Throws UserError where the file or a plug-in cannot be read. */
export async function settableIn(config: string): Promise<string[]> {
  const { root } = readConfig(config);
  return settableKeys(root, withPlugins(registries, await readPlugins(root)));
}
