import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Whether a process can be told what memory is its own alone. */
export const canMeasure = existsSync('/proc/self/status');

/** What a script that measures its own memory (anonymous-memory.mjs) prints, a JSON document. */
export function printedByProcess(script: string, ...args: readonly string[]): unknown {
  const printed = execFileSync(process.execPath, ['--expose-gc', script, ...args], {
    encoding: 'utf8',
    // As the worker's child has it (harness/worker/child-process.ts).
    env: { ...process.env, MALLOC_MMAP_THRESHOLD_: String(2 ** 20) },
  });
  return JSON.parse(printed);
}
