import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import { compareTensors, type ExpectedTensors } from '../networks/compare-tensors.ts';
import { fileSha256 } from '../networks/file-hash.ts';
import { weightsNames } from './index.ts';
import { registered } from './location.ts';
import { readManifests, type WeightsManifest } from './manifest.ts';
import { type NetworkFile, networksAt } from './networks-at.ts';
import { openTensors } from './open-tensors.ts';
import { examineFile, type FileState, pathOf, placeOf, statOf } from './state.ts';

export interface CheckedFile {
  readonly path: string;
  readonly found: FileState;
}

export interface CheckedNetwork {
  readonly path: string;
  /** Its class; null: nothing says what should be in the file, which was read all the same. */
  readonly network: string | null;
  readonly tensors: number;
  /** One line each; none: the tensors are those of the config. */
  readonly problems: readonly string[];
}

export interface Checked {
  /** Files of known weights, against their manifest; of others, the file alone. */
  readonly files: readonly CheckedFile[];
  readonly networks: readonly CheckedNetwork[];
  readonly ok: boolean;
}

/**
 * Checks weights by name, or a file or folder: sizes and hashes, and the tensors of its networks against their configs.
 * @throws UserError for what is neither a name nor there
 */
export function checkWeights(nameOrPath: string): Checked {
  const manifests = readManifests();
  const manifest = manifests.get(nameOrPath);
  const path = manifest ? null : (registered().get(nameOrPath) ?? nameOrPath);
  if (path !== null && !existsSync(path)) {
    const hint = nearest(nameOrPath, weightsNames());
    throw new UserError(`${nameOrPath}: no such file, folder or weights: ${hint}`);
  }
  const files = manifest ? manifestFiles(manifest) : looseFile(resolve(path!));
  const networks = files.some(({ found }) => found.state === 'missing')
    ? []
    : networksOf(manifest, manifest ? pathOf(manifest) : resolve(path!));
  const ok =
    files.every(({ found }) => found.state === 'verified' || found.state === 'unverified') &&
    networks.every(({ problems }) => problems.length === 0);
  return { files, networks, ok };
}

function manifestFiles(manifest: WeightsManifest): CheckedFile[] {
  return manifest.files.map((file) => {
    const path = placeOf(manifest, file);
    const found = examineFile(path, file);
    return { path, found: found.state === 'unverified' ? { ...found, sha256: fileSha256(path) } : found };
  });
}

function looseFile(path: string): CheckedFile[] {
  const stats = statOf(path);
  if (!stats?.isFile()) return [];
  return [{ path, found: { state: 'unverified', bytes: stats.size, sha256: fileSha256(path) } }];
}

function networksOf(manifest: WeightsManifest | undefined, root: string): CheckedNetwork[] {
  if (manifest?.kind === 'vocabulary') return [];
  return complaining(root, null, () =>
    networksAt(root, manifest?.name).flatMap((file) => checkNetwork(file)),
  );
}

function checkNetwork({ path, network, expected }: NetworkFile): CheckedNetwork[] {
  return complaining(path, network, () => [{ path, network, ...compared(path, expected) }]);
}

function compared(
  path: string,
  expected: ExpectedTensors | null,
): Pick<CheckedNetwork, 'tensors' | 'problems'> {
  const file = openTensors(path, expected?.section);
  try {
    const problems = expected ? compareTensors(expected, file.entries) : [];
    return { tensors: file.entries.size, problems };
  } finally {
    file.close();
  }
}

/** A broken file is what a check finds, not what stops it. */
function complaining(path: string, network: string | null, act: () => CheckedNetwork[]): CheckedNetwork[] {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ path, network, tensors: 0, problems: [error.message] }];
  }
}
