/** Weights and other large files that tweedie does not carry: known by name (configs/weights), kept on this machine. */
import { basename, join } from 'node:path';
import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import { fileSha256 } from '../networks/file-hash.ts';
import { registered, weightsFolder } from './location.ts';
import { type KnownFile, readManifests, type WeightsManifest } from './manifest.ts';
import { examineFile, howToGet, pathOf, placeOf, statOf } from './state.ts';

export { weightsFolder } from './location.ts';

/** Known weights, here or not, and those that were registered. */
export function weightsNames(): readonly string[] {
  return [...new Set([...readManifests().keys(), ...registered().keys()])];
}

/**
 * The path of weights by name: of known ones (`tweedie weights list`) the file, or the folder if they have several;
 * else what was registered under the name. Files of a known hash are verified.
 * @throws UserError for an unknown name, and for a missing or wrong file: which one, and where to put it.
 */
export function weightsPath(name: string): string {
  const manifests = readManifests();
  const manifest = manifests.get(name);
  if (!manifest) {
    const path = registered().get(name);
    if (path !== undefined) return path;
    throw new UserError(`unknown weights "${name}": ${nearest(name, weightsNames())}`);
  }
  for (const file of manifest.files) presentFile(manifest, file);
  return pathOf(manifest);
}

/**
 * The path of one file by its own name (`bpe_simple_vocab_16e6.txt.gz`, `lin_vgg.safetensors`), looked for among all
 * registered weights; with a hash, only a file of that sha256 is it.
 * @throws UserError if there is none: which file, with what hash, and where to put it.
 */
export function findAsset(name: string, sha256?: string): string {
  const known = [...readManifests().values()].flatMap((manifest) =>
    manifest.files
      .filter((file) => basename(file.path) === name)
      .filter((file) => !sha256 || !file.sha256 || file.sha256 === sha256)
      .map((file) => ({ manifest, file })),
  );
  const candidates = [
    ...known.map(({ manifest, file }) => placeOf(manifest, file)),
    ...[...registered().values()].flatMap((path) => [
      join(path, name),
      ...(basename(path) === name ? [path] : []),
    ]),
    join(weightsFolder(), name),
  ].filter((path) => statOf(path)?.isFile());
  const found = candidates.find((path) => !sha256 || fileSha256(path) === sha256);
  if (found !== undefined) return found;
  const hash = sha256 ? ` of sha256 ${sha256}` : '';
  const others = candidates.length > 0 ? ` (${candidates.join(', ')}: another hash)` : '';
  const [first] = known;
  const remedy = first ? howToGet(first.manifest, first.file) : `put it at ${join(weightsFolder(), name)}`;
  throw new UserError(`there is no ${name}${hash}${others}: ${remedy}`);
}

function presentFile(manifest: WeightsManifest, file: KnownFile): void {
  const found = examineFile(placeOf(manifest, file), file);
  if (found.state === 'missing')
    throw new UserError(`${manifest.name}: ${file.path} is missing: ${howToGet(manifest, file)}`);
  if (found.state === 'wrong') throw new UserError(`${manifest.name}: ${found.problem}`);
}
