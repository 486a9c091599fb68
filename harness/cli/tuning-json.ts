import type { Params } from '../identity/refs.ts';
import type { Cell } from '../report/table-model.ts';
import type { Found } from '../tuning/best.ts';
import type { TuningPlan } from '../tuning/load.ts';

/** What a search has found, for programs: every trial in the order in which it was tried, `best` an index among them. */
export function tuningJson({ tuning }: TuningPlan, found: readonly Found[]) {
  const { name, better } = tuning.metric.metric;
  return {
    metric: { name, better },
    budget: tuning.budget.passes,
    searches: found.map(({ search, scores, best }) => ({
      solver: search.solver.name,
      task: search.task.task.name,
      taskParams: search.task.params,
      passes: search.passes,
      best,
      trials: search.points.map(({ params }, i) => ({
        params: chosen(params, search.parameters),
        methodKey: search.methods[i]!.key,
        ...numbers(scores[i]!),
      })),
    })),
  };
}

function numbers(score: Cell | null) {
  if (score === null) return { mean: null, low: null, high: null, values: 0, infinite: 0 };
  const { mean, low, high, values, infinite } = score;
  return { mean, low, high, values, infinite };
}

function chosen(params: Params, names: readonly string[]): Params {
  return Object.fromEntries(names.map((name) => [name, params[name]]));
}
