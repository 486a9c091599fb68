import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { fileSha256 } from '../networks/file-hash.ts';
import type { Asset } from './manifest.ts';

/**
 * The path of an asset: a file of that name and sha256, in the first folder that has one. Throws UserError that says
 * which file to put where, and of a file of that name with other contents which sha256 it has.
 */
export function findAsset({ name, sha256 }: Asset, folders: readonly string[]): string {
  const strangers: string[] = [];
  for (const path of folders.map((folder) => join(folder, name))) {
    if (!existsSync(path)) continue;
    const found = fileSha256(path);
    if (found === sha256) return path;
    strangers.push(`${path} has sha256 ${found}`);
  }
  const hint = strangers.length > 0 ? `${strangers.join('; ')}; ` : '';
  throw new UserError(
    `asset ${name} (sha256 ${sha256}) is missing: ${hint}put it into one of ${folders.join(', ')}`,
  );
}
