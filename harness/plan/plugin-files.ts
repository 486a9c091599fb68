import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PLUGIN_API } from './plugin-api.ts';

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g;

/** A plug-in's file and what it imports by relative paths or from this program, by path. */
export function pluginFiles(path: string): ReadonlyMap<string, Buffer> {
  const contents = new Map<string, Buffer>();
  const visit = (file: string) => {
    // Whatever looks like an import in the text may lead anywhere.
    if (contents.has(file) || !statSync(file, { throwIfNoEntry: false })?.isFile()) return;
    const content = readFileSync(file);
    contents.set(file, content);
    for (const [, specifier] of content.toString('utf8').matchAll(IMPORT)) {
      if (specifier === PLUGIN_API.name) visit(PLUGIN_API.file);
      else if (specifier!.startsWith('.')) visit(resolve(dirname(file), specifier!));
    }
  };
  visit(path);
  return contents;
}
