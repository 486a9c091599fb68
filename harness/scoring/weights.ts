import { UserError } from '../errors.ts';
import type { Networked, RequiredFile, RequiredFolder } from '../metrics/network-metric.ts';
import { fileSha256, filesSha256 } from '../networks/file-hash.ts';
import { findAsset, weightsPath } from '../weights/index.ts';

/** The files and folders that a metric's network is read from, by the names it calls them. */
export interface FoundFiles {
  readonly paths: Readonly<Record<string, string>>;
  readonly sha256: Readonly<Record<string, string>>;
}

/** Files and folders to take instead of the registered ones, by name; their own hashes become part of the protocol. */
export type WeightOverrides = ReadonlyMap<string, string>;

/**
 * Finds the weights of a network on this machine and hashes them.
 * @throws UserError where one is missing, or is not the file that upstream published.
 */
export function findWeights(
  { weights }: Pick<Networked<unknown>, 'weights'>,
  overrides: WeightOverrides = new Map(),
): FoundFiles {
  const found = weights.map((one) => [one.name, ...locate(one, overrides)] as const);
  return {
    paths: Object.fromEntries(found.map(([name, path]) => [name, path])),
    sha256: Object.fromEntries(found.map(([name, , sha256]) => [name, sha256])),
  };
}

function locate(weights: RequiredFile | RequiredFolder, overrides: WeightOverrides): [string, string] {
  return 'files' in weights ? locateFolder(weights, overrides) : locateFile(weights, overrides);
}

function locateFolder({ name, files }: RequiredFolder, overrides: WeightOverrides): [string, string] {
  const folder = overrides.get(name) ?? weightsPath(name);
  return [folder, filesSha256(folder, files(folder))];
}

function locateFile({ name, sha256: published }: RequiredFile, overrides: WeightOverrides): [string, string] {
  const own = overrides.get(name);
  if (own !== undefined) return [own, fileSha256(own)];
  const path = findAsset(name);
  const sha256 = fileSha256(path);
  if (!sha256.startsWith(published)) {
    throw new UserError(`${path}: expected upstream's ${name}, sha256 ${published}, found ${sha256}`);
  }
  return [path, sha256];
}
