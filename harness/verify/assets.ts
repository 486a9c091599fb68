import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { fileSha256 } from '../networks/file-hash.ts';
import { findAsset } from '../weights/index.ts';
import type { Asset } from './manifest.ts';

/**
 * The path of a file that a case names: of that name and sha256 in one of the folders, else among the registered
 * weights. Throws UserError that says which file to put where.
 */
export function assetPath({ name, sha256 }: Asset, folders: readonly string[]): string {
  const near = folders.map((folder) => join(folder, name)).filter((path) => existsSync(path));
  const right = near.find((path) => fileSha256(path) === sha256);
  if (right !== undefined) return right;
  try {
    return findAsset(name, sha256);
  } catch (error) {
    const [other] = near;
    if (!(error instanceof UserError) || other === undefined) throw error;
    throw new UserError(
      `${other} is not what the case names (sha256 ${fileSha256(other)}); ${error.message}`,
    );
  }
}
