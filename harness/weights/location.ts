import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../cache-folder.ts';
import { UserError } from '../errors.ts';
import { readConfigFile } from '../networks/config-file.ts';
import { writeFileAside } from '../write-file.ts';

const registrySchema = z.record(z.string(), z.string());

/** Where weights are kept: `TWEEDIE_WEIGHTS`, else `weights` in tweedie's cache folder. Absolute. */
export function weightsFolder(): string {
  return resolve(process.env.TWEEDIE_WEIGHTS || join(cacheFolder(), 'weights'));
}

/** Files and folders that lie elsewhere, by the names they were registered under (absolute paths). */
export function registered(): ReadonlyMap<string, string> {
  const file = registryFile();
  return new Map(existsSync(file) ? Object.entries(readConfigFile(file, registrySchema)) : []);
}

/** Remembers where weights of a name lie; they stay there. Throws UserError if the weights folder cannot be written. */
export function register(name: string, path: string): void {
  const file = registryFile();
  const names = Object.fromEntries(new Map(registered()).set(name, resolve(path)));
  try {
    writeFileAside(file, `${JSON.stringify(names, null, 1)}\n`);
  } catch (error) {
    throw new UserError(
      `${file}: cannot be written (${(error as NodeJS.ErrnoException).code}); TWEEDIE_WEIGHTS names another folder`,
    );
  }
}

function registryFile(): string {
  return join(weightsFolder(), 'registered.json');
}
