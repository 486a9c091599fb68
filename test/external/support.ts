import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { External } from '../../harness/external/description.ts';
import { folderWith } from '../config/fakes.ts';

const CLIENT = fileURLToPath(new URL('./programs/client.mjs', import.meta.url));

/** A method that is this Node program, in a folder of its own; `client.mjs` lies beside it. */
export function program(source: string, more: Partial<External> = {}): External {
  const folder = folderWith({ 'mine.mjs': source });
  copyFileSync(CLIENT, join(folder, 'client.mjs'));
  return {
    name: 'mine',
    version: 1,
    solves: 'restore',
    paper: 'none',
    requires: [],
    command: [process.execPath, 'mine.mjs'],
    files: [],
    file: join(folder, 'mine.yaml'),
    params: {},
    ...more,
  };
}
