import { readdirSync, readFileSync } from 'node:fs';

/** Environment variable that tells a worker's processes from others', also those in a process group of their own. */
export const MARK = 'TWEEDIE_LEASE';

/** Ends a process group; a group that is gone is fine. */
export function killGroup(pid: number): void {
  kill(-pid);
}

/**
 * Ends every process that has inherited a mark which begins with `prefix`, and returns their numbers; Linux only.
 * Nothing else finds a process that was started in a session of its own and whose parent is gone.
 */
export function killMarked(prefix: string): number[] {
  const ended = new Set<number>();
  // A process may start another while it is looked for.
  for (let found = marked(prefix); found.some((pid) => !ended.has(pid)); found = marked(prefix)) {
    for (const pid of found) {
      kill(pid);
      ended.add(pid);
    }
  }
  return [...ended];
}

function marked(prefix: string): number[] {
  return runningProcesses().filter((pid) => pid !== process.pid && markOf(pid)?.startsWith(prefix));
}

function runningProcesses(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** undefined for others' processes, which we may not look into, and for those that have ended. */
function markOf(pid: number): string | undefined {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return variables.find((text) => text.startsWith(`${MARK}=`))?.slice(MARK.length + 1);
  } catch {
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // It may have ended, or have become another user's.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
