import { batchSeconds, type CostSource } from '../plan/estimate.ts';
import type { Plan } from '../plan/plan.ts';
import { type ProgressDisplay, showBars, showLines, showNothing } from '../scheduler/progress.ts';
import type { WorkItem } from '../scheduler/retry-policy.ts';
import type { RunProgress } from '../scheduler/run-progress.ts';
import type { RunningMeans } from '../scheduler/running-means.ts';
import { warn } from './say.ts';

/** Seconds: where no speed is known yet, all batches count the same, and the run's own speed corrects it. */
const UNKNOWN = 3600;

/** Seconds that each cell to do is expected to take. */
export function expectedSeconds(
  todo: readonly Pick<WorkItem, 'batch' | 'wanted'>[],
  costs: CostSource,
): Map<string, number> {
  return new Map(
    todo.flatMap(({ batch, wanted }) =>
      wanted.map((key) => [key, (batchSeconds(batch, costs) ?? UNKNOWN) / batch.items.length] as const),
    ),
  );
}

/** How a run is shown: not at all, on a terminal, or in lines. */
export function displayFor(
  silent: boolean,
  progress: RunProgress,
  means: RunningMeans,
  plan: Plan,
  leases: readonly { readonly label: string }[],
): ProgressDisplay {
  if (silent) return showNothing(progress);
  if (!process.stderr.isTTY) return showLines(progress, means, plan, warn);
  return showBars(
    progress,
    means,
    plan,
    leases.slice(0, progress.total).map(({ label }) => label),
  );
}
