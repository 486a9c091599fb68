import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PACKAGE_ROOT } from '../package-root.ts';
import type { PluginApi } from './plugin-hooks.ts';

/** The name by which a plug-in imports this program, and the file that it then gets. */
export const PLUGIN_API = {
  name: 'tweedie',
  file: join(PACKAGE_ROOT, 'dist/harness/index.js'),
} as const;

const HOOKS = join(PACKAGE_ROOT, 'dist/harness/plan/plugin-hooks.js');

let registered = false;

/**
 * Lets a module anywhere on the disk import the plug-in API, and be TypeScript. Node would look for the API in the
 * node_modules above that module, where there is none, or another copy, whose tensors and schemas are strangers to this
 * one's.
 */
export function resolvePluginApi(): void {
  if (registered) return;
  registered = true;
  const { name, file } = PLUGIN_API;
  const data: PluginApi = { name, url: pathToFileURL(file).href };
  register(pathToFileURL(HOOKS).href, { data });
}
