import { constants, cpSync, existsSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { replaceFile } from '../write-file.ts';
import { register, weightsFolder } from './location.ts';
import { cannotWrite } from './lock-file.ts';
import { readManifests, type WeightsManifest } from './manifest.ts';
import { examineFile, placeIn, statOf } from './state.ts';

/**
 * Registers a file or folder that is there: known weights are checked against their manifest, any other name is the
 * person's own. Files stay where they are unless `copy` asks for a copy in the weights folder.
 * @returns where the weights lie now
 * @throws UserError for a path that is not there, and for files that are not those of the manifest
 */
export function addWeights(name: string, path: string, { copy = false } = {}): string {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name))
    throw new UserError(`"${name}": expected a name of small letters, digits, ".", "_" and "-"`);
  if (!existsSync(path)) throw new UserError(`${path}: no such file or folder`);
  const manifest = readManifests().get(name);
  if (manifest) refuseOthers(manifest, resolve(path));
  const place = copy ? copied(name, resolve(path), manifest) : resolve(path);
  register(name, place);
  return place;
}

function refuseOthers(manifest: WeightsManifest, root: string): void {
  if (manifest.files.length > 1 && !statOf(root)?.isDirectory())
    throw new UserError(`${root}: is a file; ${manifest.name} is a folder of ${manifest.files.length} files`);
  for (const file of manifest.files) {
    const place = placeIn(root, manifest, file);
    const found = examineFile(place, file);
    if (found.state === 'missing')
      throw new UserError(`${root}: ${file.path} of ${manifest.name} is not in it`);
    if (found.state === 'wrong') throw new UserError(`${manifest.name}: ${found.problem}`);
  }
}

/** Under a temporary name first: a copy that was broken off is never taken for the weights. */
function copied(name: string, path: string, manifest: WeightsManifest | undefined): string {
  const isFolder = statOf(path)?.isDirectory();
  const fileName = manifest?.files[0]?.path ?? basename(path);
  const place = isFolder ? join(weightsFolder(), name) : join(weightsFolder(), name, fileName);
  if (existsSync(place)) throw new UserError(`${place}: exists already; remove it to copy there`);
  try {
    replaceFile(place, (temporary) => copyWhole(path, temporary));
  } catch (error) {
    throw cannotWrite(place, error);
  }
  return place;
}

/** A file or a folder, or nothing of it. */
function copyWhole(from: string, to: string): void {
  try {
    cpSync(from, to, { recursive: true, dereference: true, mode: constants.COPYFILE_FICLONE });
  } catch (error) {
    rmSync(to, { recursive: true, force: true });
    throw error;
  }
}
