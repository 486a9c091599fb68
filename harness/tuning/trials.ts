import { checkParameters } from '../config/entry.ts';
import { grouped } from '../config/limits.ts';
import { type Located, merge } from '../config/located.ts';
import { type SourceLocation, UserError } from '../errors.ts';
import { canonicalJson } from '../identity/canonical.ts';
import type { SolverPoint } from '../plan/experiment.ts';
import { passesOf } from '../plan/passes.ts';

/** What each method may spend on each task. */
export interface Budget {
  /** Forward passes of the network. */
  readonly passes: number;
  /** Pictures times seeds. */
  readonly cellsATrial: number;
  readonly where: SourceLocation;
}

/** The trials that a budget buys: the first is the method as it stands in the experiment. */
export interface Trials {
  readonly points: readonly SolverPoint[];
  /** Passes that they take together. */
  readonly passes: number;
  /** Whether the search has no further point although the budget would buy another trial like the first. */
  readonly exhausted: boolean;
}

/** Of one search: more than any budget is meant to buy. */
const MOST_TRIALS = 10_000;
/** Points in a row that have been tried already: then a search of whole numbers has no other. */
const MOST_REPEATS = 1000;

/**
 * Tries the points in their order, each once, until the next would exceed the budget. A trial costs its passes times the
 * pictures and seeds; one that asks no network counts as one pass. The first is made whatever it costs.
 * @throws UserError where a solver's schema refuses a point, and for more trials than anyone means
 */
export function trialsOf(base: SolverPoint, points: Iterable<Located>, budget: Budget): Trials {
  const costOf = ({ solver, params }: SolverPoint) =>
    Math.max(1, passesOf(solver, params)) * budget.cellsATrial;
  const tried = [base];
  const known = new Set([canonicalJson(base.params)]);
  let passes = costOf(base);
  let repeats = 0;
  for (const point of points) {
    const trial = pointAt(base, point);
    const key = canonicalJson(trial.params);
    if (known.has(key)) {
      if (++repeats === MOST_REPEATS) break;
      continue;
    }
    repeats = 0;
    const cost = costOf(trial);
    if (!(passes + cost <= budget.passes)) return { points: tried, passes, exhausted: false };
    if (tried.length === MOST_TRIALS)
      throw new UserError(
        `tune.budget: buys more than ${grouped(MOST_TRIALS)} trials of ${base.solver.name}`,
        budget.where,
      );
    known.add(key);
    tried.push(trial);
    passes += cost;
  }
  return { points: tried, passes, exhausted: passes + costOf(base) <= budget.passes };
}

/** A method with some of its parameters laid over those that it has. Throws UserError where its schema refuses them. */
export function pointAt(base: SolverPoint, over: Located): SolverPoint {
  const written = merge(base.written, over);
  return { ...base, written, params: checkParameters(base.solver.params, written, base.solver.name) };
}
