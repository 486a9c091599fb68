import { buildPlan } from './build-plan.ts';
import { readExperiment } from './experiment.ts';
import type { Plan } from './plan.ts';
import { readConfig } from './read.ts';
import type { Registries } from './registries.ts';

/** Reads, validates and plans an experiment file. Every mistake in it is a UserError that says where. */
export async function loadPlan(
  file: string,
  registries: Registries,
  assignments: readonly string[] = [],
): Promise<Plan> {
  const source = readConfig(file, assignments);
  return buildPlan(readExperiment(source.root, registries), file, source);
}
