import { extname } from 'node:path';
import { UserError } from '../errors.ts';
import type { SettingRef } from '../identity/refs.ts';

/** What tells settings of one task apart in a name; the manifest has the whole key. */
const KEY_LETTERS = 8;

/** The folder of a setting's files: `super-resolution-1a2b3c4d`. */
export function settingFolder({ task, key }: Pick<SettingRef, 'task' | 'key'>): string {
  return `${task}-${key.slice(0, KEY_LETTERS)}`;
}

/** What the files of one problem are called, without their extension: `super-resolution-1a2b3c4d/seed-0/test-00012`. */
export function entryName(setting: Pick<SettingRef, 'task' | 'key'>, seed: number, id: string): string {
  return `${settingFolder(setting)}/seed-${seed}/${pictureName(id)}`;
}

/** `test/00012` and `cat.png` become `test-00012` and `cat`; `cat.jpg` stays, so that it is not `cat.png`'s. */
function pictureName(id: string): string {
  const bare = extname(id).toLowerCase() === '.png' ? id.slice(0, -'.png'.length) : id;
  // A hidden file would be found by no listing, and `..` is a folder.
  return bare.replace(/[/\\:\0]/g, '-').replace(/^\./, '_.');
}

/** @throws UserError where two pictures of a data set would have one name */
export function refuseSharedNames(ids: readonly string[]): void {
  const owners = new Map<string, string>();
  for (const id of ids) {
    const name = pictureName(id);
    const other = owners.get(name);
    if (other !== undefined && other !== id)
      throw new UserError(
        `the files of ${other} and ${id} would have one name, ${name}; leave one of them out`,
      );
    owners.set(name, id);
  }
}
