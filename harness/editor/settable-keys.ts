import { z } from 'zod';
import { core } from '../config/check.ts';
import { type Located, listOf, nodeAt } from '../config/located.ts';
import { experimentSchema } from '../config/schema.ts';
import { slurmSchema } from '../config/slurm.ts';
import type { Registries } from '../plan/registries.ts';

/** What `--set` can change: the keys of every experiment, and the parameters of what this one names. */
export function settableKeys(root: Located, registries: Registries): string[] {
  const own = Object.entries(experimentSchema.shape).flatMap(([key, field]) => {
    const inner = core(field);
    return inner instanceof z.ZodObject ? Object.keys(inner.shape).map((name) => `${key}.${name}`) : [key];
  });
  const used = (section: string, registry: ReadonlyMap<string, { readonly params: z.ZodObject }>) =>
    namesIn(root, section).flatMap((name) =>
      Object.keys(registry.get(name)?.params.shape ?? {}).map((parameter) => [name, parameter] as const),
    );
  const named = (section: string, parameters: ReturnType<typeof used>) =>
    parameters.map(([name, parameter]) => `${section}.${name}.${parameter}`);
  const ofSolvers = used('solvers', registries.solvers);
  return [
    ...own,
    ...Object.keys(slurmSchema.shape).map((key) => `executor.slurm.${key}`),
    ...named('prior', used('prior', registries.priors)),
    ...named('tasks', used('tasks', registries.tasks)),
    ...named('solvers', ofSolvers),
    ...new Set(ofSolvers.map(([, parameter]) => `solvers.*.${parameter}`)),
  ];
}

/** The names that stand in a section, whatever stands beside them. */
function namesIn(root: Located, section: string): string[] {
  const node = nodeAt(root, [section]);
  if (node === root) return [];
  const names = listOf(node).flatMap((entry) => {
    if (entry.kind === 'map') return [...entry.entries.keys()];
    return entry.kind === 'scalar' && typeof entry.value === 'string' ? [entry.value] : [];
  });
  return [...new Set(names)];
}
