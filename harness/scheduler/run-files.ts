import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../identity/canonical.ts';

/** Where runs in a results folder say that they are alive. */
export function runsFolder(resultsDir: string): string {
  return join(resultsDir, 'runs');
}

/** A file of the runs of one experiment, whose name may be anything: it is hashed. */
export function runFile(resultsDir: string, experiment: string, kind: 'lock' | 'json' | 'reserve'): string {
  return join(runsFolder(resultsDir), `${sha256(experiment).slice(0, 16)}.${kind}`);
}

/** The `.json` files that runs which are alive, or were killed, have written. */
export function runNotes(resultsDir: string): string[] {
  try {
    return readdirSync(runsFolder(resultsDir))
      .filter((name) => /^[0-9a-f]{16}\.json$/.test(name))
      .sort()
      .map((name) => join(runsFolder(resultsDir), name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
