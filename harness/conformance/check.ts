import type { Compile } from '../engine/compile.ts';
import { checkedParameters } from '../solvers/checked-parameters.ts';
import type { Solver } from '../solvers/solver.ts';
import type { Kind } from '../tasks/kinds.ts';

/** A check throws an Error that says what it found and what it expected. */
export interface Check<K extends Kind = Kind> {
  readonly name: string;
  run(subject: Subject<K>): Promise<void> | void;
}

export interface Subject<K extends Kind = Kind> {
  readonly solver: Solver<K>;
  readonly compile: Compile;
}

export function expect(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** What is enough for a small picture. */
const INNER_ITERATIONS = 10;

/** Few steps and iterations where the solver counts them so. */
export function short({ params }: Solver, steps = 12): Record<string, unknown> {
  const inner = (['inner iterations', 'steps on examples'] as const)
    .flatMap((as) => checkedParameters(params, as))
    .map((name) => [name, INNER_ITERATIONS]);
  return { ...Object.fromEntries(inner), ...('steps' in params.shape && { steps }) };
}
