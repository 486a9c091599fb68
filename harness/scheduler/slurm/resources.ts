import { canonicalJson } from '../../identity/canonical.ts';
import type { Batch } from '../../identity/refs.ts';
import type { Executor, Resources } from '../../plan/executor.ts';

export type { Resources };

/** Batches whose elements ask the cluster for the same. */
export interface ResourceGroup {
  readonly resources: Resources;
  readonly batches: readonly Batch[];
}

/** In the order of the batches; solvers that ask for the same are together. */
export function byResources(batches: readonly Batch[], asked: Executor['slurm']): ResourceGroup[] {
  const groups = new Map<string, { resources: Resources; batches: Batch[] }>();
  for (const batch of batches) {
    const resources = resourcesOf(batch, asked);
    const key = canonicalJson(resources);
    const group = groups.get(key) ?? { resources, batches: [] };
    group.batches.push(batch);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** A baseline's are those of the whole: its name may be a solver's too. */
function resourcesOf({ method }: Batch, { resources, perSolver }: Executor['slurm']): Resources {
  const own = method.kind === 'solver' && Object.hasOwn(perSolver, method.name);
  return own ? perSolver[method.name]! : resources;
}
