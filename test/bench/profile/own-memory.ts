import { readFileSync } from 'node:fs';

const LOOK_MS = 100;

/** Watches what a process holds beside the pages of its files. Returns what tells its peak in bytes; null: not a Linux. */
export function watchOwnMemory(pid: number): () => number | null {
  let peak: number | null = null;
  const timer = setInterval(() => {
    peak = Math.max(peak ?? 0, ownMemory(pid) ?? 0) || null;
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

function ownMemory(pid: number): number | null {
  try {
    const kib = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib ? 1024 * Number(kib) : null;
  } catch {
    return null;
  }
}
