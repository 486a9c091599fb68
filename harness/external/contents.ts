import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileSha256 } from '../networks/file-hash.ts';
import type { External } from './description.ts';

/** sha256 of what a program's numbers depend on, by the name that its description or command gives the file. */
export type Contents = Readonly<Record<string, string>>;

/** Of the files that a description declares or whose names stand in its command. @throws UserError for one that cannot be read */
function contentsNow({ command, files, file }: External): Contents {
  const folder = dirname(file);
  const named = command.filter((word) =>
    statSync(resolve(folder, word), { throwIfNoEntry: false })?.isFile(),
  );
  const all = [...new Set([...files, ...named])].sort();
  return Object.fromEntries(all.map((name) => [name, fileSha256(resolve(folder, name))]));
}

const keyed = new WeakMap<External, Contents>();

/** As the files are now; a key is made of it, and what is solved later must be solved by the same. */
export function contentsForKey(external: External): Contents {
  const contents = contentsNow(external);
  keyed.set(external, contents);
  return contents;
}

/**
 * Does work that the key answers for: a program is started anew for each batch, so that each could run other files.
 * @throws Error, in a sentence that follows the program's name, for files that are not those of the key before or after it
 */
export async function onSameContents<T>(external: External, work: () => Promise<T>): Promise<T> {
  const planned = keyed.get(external) ?? contentsForKey(external);
  requireSame(planned, contentsNow(external));
  const result = await work();
  requireSame(planned, contentsNow(external));
  return result;
}

function requireSame(planned: Contents, now: Contents): void {
  for (const name of Object.keys({ ...planned, ...now }))
    if (planned[name] !== now[name])
      throw new Error(`${name} has changed since the plan was made; run again to solve with it as it is now`);
}
