import { buildPlan } from './build-plan.ts';
import { openExperiment } from './open-experiment.ts';
import type { Plan, StoredProtocol } from './plan.ts';
import type { Registries } from './registries.ts';

/**
 * Reads, validates and plans an experiment file. Every mistake in it is a UserError that says where, one line each. `stored` tells of a
 * metric whose weights are missing what its numbers are.
 */
export async function loadPlan(
  file: string,
  registries: Registries,
  assignments: readonly string[] = [],
  stored: StoredProtocol = () => null,
): Promise<Plan> {
  const { source, plugins, experiment } = await openExperiment(file, registries, assignments);
  return buildPlan(experiment, file, source, plugins, stored);
}
