import type { FailureKind } from '../../store/records.ts';
import type { ElementFailure, ElementState } from './cluster.ts';
import type { PartEnd } from './part.ts';
import type { Entry } from './submission.ts';

/** Elements of a slice, one after the other, that may fail without getting anywhere. */
export const MOST_FAILURES = 3;

/** What is known of an element whose slice still lacks results. */
export interface ElementFacts {
  readonly state: ElementState;
  /** What its last life has said; null: nothing. */
  readonly end: PartEnd | null;
  /** Whether it has settled a cell. */
  readonly progressed: boolean;
  readonly failures: Entry['failures'];
}

/** What the driver makes of it. */
export type Verdict =
  /** It may still be at work. */
  | { readonly kind: 'wait' }
  /** Nobody knows. */
  | { readonly kind: 'unknown'; readonly said: string }
  /** Another element goes on with the slice. `failures`: in a row, this one counted where it got nowhere. */
  | { readonly kind: 'again'; readonly failures: number }
  /** It was the last that may fail. */
  | { readonly kind: 'failed'; readonly failure: FailureKind; readonly said: string }
  /** Somebody has ended it, or it could not go on: its cells stay to do. */
  | { readonly kind: 'left'; readonly why: string };

const AGAIN_UNCOUNTED: readonly ElementFailure[] = ['node', 'preempted'];

const FAILURES: Readonly<Record<ElementFailure, FailureKind>> = {
  oom: 'oom',
  timeout: 'timeout',
  crashed: 'crashed',
  node: 'lost',
  preempted: 'lost',
  cancelled: 'lost',
};

/**
 * What is to be done about an element. Neither a lost node nor somebody else's turn is the slice's fault, and an element
 * that has settled a cell before its end is no failure: the next goes on from there.
 */
export function verdictOn({ state, end, progressed, failures }: ElementFacts): Verdict {
  if (state.kind === 'pending' || state.kind === 'running') return { kind: 'wait' };
  if (state.kind === 'failed' && state.failure === 'cancelled')
    return { kind: 'left', why: `was ended from outside (Slurm: ${state.said})` };
  if (end?.kind === 'stopped') return { kind: 'left', why: end.message };
  if (state.kind === 'unknown' && end === null) return { kind: 'unknown', said: state.said };
  const isNobodysFault = state.kind === 'failed' && AGAIN_UNCOUNTED.includes(state.failure);
  if (progressed) return { kind: 'again', failures: 0 };
  if (isNobodysFault || end?.kind === 'superseded') return { kind: 'again', failures };
  if (failures + 1 < MOST_FAILURES) return { kind: 'again', failures: failures + 1 };
  return { kind: 'failed', ...failureOf(state, end) };
}

function failureOf(state: ElementState, end: PartEnd | null): { failure: FailureKind; said: string } {
  if (end?.kind === 'paused')
    return { failure: 'timeout', said: 'its time was over before a picture was done' };
  if (state.kind === 'failed') return { failure: FAILURES[state.failure], said: `Slurm: ${state.said}` };
  return { failure: 'crashed', said: 'it ended without a result' };
}
