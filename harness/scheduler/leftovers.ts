import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { identify } from '../processes.ts';
import { writerOf } from '../write-file.ts';

/** The folders that a run writes to. A results folder may be anybody's: what lies beside them is not looked at. */
const WRITTEN_BY_RUNS = ['images', 'tensors', 'features', 'records', 'traces'];

/** Removes the half-written files of this machine's processes that are not running any more; returns how many. */
export function removeLeftovers(resultsDir: string): number {
  const left = WRITTEN_BY_RUNS.flatMap((folder) => temporaries(join(resultsDir, folder)));
  for (const file of left) rmSync(file, { force: true });
  return left.length;
}

function temporaries(dir: string): string[] {
  return entriesOf(dir).flatMap((entry) => {
    if (entry.isDirectory()) return temporaries(join(dir, entry.name));
    const writer = writerOf(entry.name);
    return writer !== null && identify(writer) === null ? [join(dir, entry.name)] : [];
  });
}

function entriesOf(dir: string) {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
