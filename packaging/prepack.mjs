/**
 * onnxruntime-node travels inside the package (bundleDependencies), without its post-install script: that one fetches
 * CUDA libraries from api.nuget.org in every installation, and fails the installation where it cannot reach it.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const file = new URL('../node_modules/onnxruntime-node/package.json', import.meta.url);
const aside = new URL('package.json.new', file);
const { scripts, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
if (scripts) {
  writeFileSync(aside, `${JSON.stringify(manifest, null, 2)}\n`);
  renameSync(aside, file);
}
