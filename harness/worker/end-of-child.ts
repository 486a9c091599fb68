import { MissingPicture } from '../solvers/missing-picture.ts';
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

/** What something that the solver threw means: that memory ran out, that there is nothing to hand on, or a mistake of its own. */
export function failureOfError(
  thrown: unknown,
  { message }: Pick<Error, 'message'>,
): 'oom' | 'missing-picture' | 'solver-error' {
  if (thrown instanceof MissingPicture) return 'missing-picture';
  return OUT_OF_MEMORY.test(message) ? 'oom' : 'solver-error';
}
