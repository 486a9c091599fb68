import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';

/**
 * npm 11 heeds `allowScripts` of package.json, older ones know only this flag of the lock file. It comes back whenever
 * npm resolves onnxruntime-node or core-js anew: take it out again, or npm 10 asks api.nuget.org for CUDA.
 */
it('of all packages SQLite alone runs a script at npm ci', () => {
  const lock = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package-lock.json'), 'utf8'));
  const scripted = Object.entries<{ hasInstallScript?: true }>(lock.packages);
  expect(scripted.filter(([, entry]) => entry.hasInstallScript).map(([name]) => name)).toEqual([
    'node_modules/better-sqlite3',
  ]);
});
