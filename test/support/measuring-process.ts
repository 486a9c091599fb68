import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { GIVES_MEMORY_BACK } from '../../harness/worker/child-process.ts';

/** Whether a process can be told what memory is its own alone. */
export const canMeasure = existsSync('/proc/self/status');

/** What a script that measures its own memory (anonymous-memory.mjs) prints, a JSON document. */
export function printedByProcess(script: string, ...args: readonly string[]): unknown {
  const printed = execFileSync(process.execPath, ['--expose-gc', script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...GIVES_MEMORY_BACK },
  });
  return JSON.parse(printed);
}
