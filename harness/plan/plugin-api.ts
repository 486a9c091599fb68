import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PACKAGE_ROOT } from '../package-root.ts';

/** The name by which a plug-in imports this program, and the file that it then gets. */
export const PLUGIN_API = {
  name: 'tweedie',
  file: join(PACKAGE_ROOT, 'dist/harness/index.js'),
} as const;

let registered = false;

/**
 * Lets a module anywhere on the disk import the plug-in API. Node would look for it in the node_modules above that
 * module, where there is none, or another copy, whose tensors and schemas are strangers to this one's.
 */
export function resolvePluginApi(): void {
  if (registered) return;
  registered = true;
  const { name, file } = PLUGIN_API;
  const hooks = `
    const api = { url: ${JSON.stringify(pathToFileURL(file).href)}, shortCircuit: true };
    export const resolve = async (specifier, context, next) =>
      specifier === ${JSON.stringify(name)} ? api : next(specifier, context);`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}
