import type { FailureKind } from '../store/records.ts';

/** How a process ended, and what is known around it. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines it printed. */
  readonly logTail: string;
  /** The kernel's out-of-memory killer was at work in our control group while it ran. */
  readonly oomKilled: boolean;
}

const OUT_OF_MEMORY =
  /out of memory|bad_alloc|failed to allocate|allocation failed|CUDA_ERROR_OUT_OF_MEMORY/i;

/** Why a child that ended by itself, within a batch, did so. */
export function failureOfEnd(end: ChildEnd): FailureKind {
  if (end.signal === 'SIGKILL' || end.signal === 'SIGTERM') return end.oomKilled ? 'oom' : 'lost';
  return OUT_OF_MEMORY.test(end.logTail) ? 'oom' : 'crashed';
}

export function describeEnd({ code, signal }: ChildEnd): string {
  return signal ? `the worker process was ended by ${signal}` : `the worker process exited with code ${code}`;
}

/** Whether an error that the solver threw means that memory ran out. */
export function failureOfError({ message }: Pick<Error, 'message'>): 'oom' | 'solver-error' {
  return OUT_OF_MEMORY.test(message) ? 'oom' : 'solver-error';
}
