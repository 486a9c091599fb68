import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A process that can be told from a later one with the same number. */
export interface ProcessId {
  readonly pid: number;
  /** As the system states it; only compared, never read. */
  readonly started: string;
}

/** Where the system does not say when a process started (no /proc): it can be told from no other. */
const UNKNOWN = '';

/** Identifies a running process; null where there is none of this number. */
export function identify(pid: number): ProcessId | null {
  const started = process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
  if (started !== null) return { pid, started };
  return isThere(pid) ? { pid, started: UNKNOWN } : null;
}

/** Whether it is the very process: never where that is not known, because what runs is sometimes ended. */
export function isRunning({ pid, started }: ProcessId): boolean {
  return started !== UNKNOWN && identify(pid)?.started === started;
}

/** Whether a process of this number is there that the system says nothing of; a zombie is none. */
function isThere(pid: number): boolean {
  if (existsSync('/proc/self')) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Clock ticks since boot; the fields follow the name in parentheses, which may itself hold spaces. */
function startOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, started] = [fields[0], fields[19]];
    return state === 'Z' ? null : started!;
  } catch {
    return null;
  }
}

function startByPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}
