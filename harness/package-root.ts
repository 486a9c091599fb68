import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of tweedie's package.json: data files lie there (weights, configs), while this code runs from `harness/`
 * or, built, from `dist/harness/`.
 */
export const PACKAGE_ROOT: string = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'tweedie') return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('tweedie runs outside its package: no package.json above its code');
  return findRoot(parent);
}
