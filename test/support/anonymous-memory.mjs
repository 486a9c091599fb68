import { readFileSync } from 'node:fs';

/** MiB of the memory that belongs to this process alone, without what could be collected: for `printedByProcess`. */
export function anonymous() {
  globalThis.gc();
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
}
