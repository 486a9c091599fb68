/**
 * Hooks of Node's module loader, in a thread of their own: what `tweedie` means to a plug-in, and TypeScript without its
 * types. The built file is registered (plugin-api.ts); nothing imports it.
 */
import { readFileSync } from 'node:fs';
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';

/** What the hooks are told when they are registered. */
export interface PluginApi {
  readonly name: string;
  /** URL of the module that a plug-in gets by that name. */
  readonly url: string;
}

let api: PluginApi | undefined;

export const initialize: InitializeHook<PluginApi> = (told) => {
  api = told;
};

export const resolve: ResolveHook = (specifier, context, next) =>
  specifier === api?.name ? { url: api.url, shortCircuit: true } : next(specifier, context);

export const load: LoadHook = async (url, context, next) => {
  if (!/^file:.*\.m?ts$/.test(url)) return next(url, context);
  const { stripTypes } = await import('./strip-types.ts');
  const path = fileURLToPath(url);
  return { format: 'module', source: stripTypes(readFileSync(path, 'utf8'), path), shortCircuit: true };
};
