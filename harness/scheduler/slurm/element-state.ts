import type { ElementFailure, ElementState } from './cluster.ts';

/** How a program ended: the code that it gave, and the signal that ended it. */
export interface ExitCode {
  readonly code: number;
  readonly signal: number;
}

type Meaning = 'pending' | 'running' | 'completed' | ElementFailure;

/** The states of squeue's and sacct's manuals, up to Slurm 24. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  PENDING: 'pending',
  CONFIGURING: 'pending',
  POWER_UP_NODE: 'pending',
  EXPEDITING: 'pending',
  REQUEUED: 'pending',
  REQUEUE_FED: 'pending',
  REQUEUE_HOLD: 'pending',
  RESV_DEL_HOLD: 'pending',
  SPECIAL_EXIT: 'pending',
  SUSPENDED: 'pending',
  STOPPED: 'pending',
  RUNNING: 'running',
  RESIZING: 'running',
  SIGNALING: 'running',
  STAGE_OUT: 'running',
  // Its processes may still write; how it ended is said after that.
  COMPLETING: 'running',
  UPDATE_DB: 'running',
  COMPLETED: 'completed',
  FAILED: 'crashed',
  TIMEOUT: 'timeout',
  DEADLINE: 'timeout',
  OUT_OF_MEMORY: 'oom',
  NODE_FAIL: 'node',
  BOOT_FAIL: 'node',
  LAUNCH_FAILED: 'node',
  RECONFIG_FAIL: 'node',
  PREEMPTED: 'preempted',
  CANCELLED: 'cancelled',
};

/**
 * What one of Slurm's words says of an element. A word that is not known, and REVOKED (it runs on another cluster of a
 * federation), say nothing.
 * @param word as printed; sacct adds who it was: `CANCELLED by 1000`
 */
export function elementState(word: string, exit: ExitCode | null, node: string): ElementState {
  const name = word.split(' ')[0]!;
  const meaning = Object.hasOwn(MEANINGS, name) ? MEANINGS[name]! : null;
  if (meaning === null) return { kind: 'unknown', said: word };
  if (meaning === 'pending' || meaning === 'completed') return { kind: meaning };
  if (meaning === 'running') return { kind: meaning, node };
  const said = meaning === 'crashed' && exit !== null ? `${word} ${exit.code}:${exit.signal}` : word;
  return { kind: 'failed', failure: meaning, said };
}

export function isEnd({ kind }: ElementState): boolean {
  return kind === 'completed' || kind === 'failed';
}

/** Ended by SIGKILL: by the kernel or by Slurm where its memory was used up, or by anybody. */
export function isKilled(state: ElementState): boolean {
  return state.kind === 'failed' && /^FAILED (?:0:9|137:0)$/.test(state.said);
}

/** slurmstepd's own words, of versions with and without control groups, and the kernel's. */
const OUT_OF_MEMORY =
  /oom[-_ ]?kill|out[- ]of[- ]memory|exceeded (?:job |step )?memory limit|OverMemoryKill/i;

/** Whether the end of an element's log says that it was killed for its memory: without control groups no state does. */
export function saysOutOfMemory(logTail: string): boolean {
  return OUT_OF_MEMORY.test(logTail);
}
