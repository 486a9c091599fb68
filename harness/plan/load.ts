import { readConfig } from '../config/read.ts';
import { buildPlan } from './build-plan.ts';
import { readExperiment } from './experiment.ts';
import type { Plan, StoredProtocol } from './plan.ts';
import { readPlugins, withPlugins } from './plugins.ts';
import type { Registries } from './registries.ts';

/**
 * Reads, validates and plans an experiment file. Every mistake in it is a UserError that says where. `stored` tells of a
 * metric whose weights are missing what its numbers are.
 */
export async function loadPlan(
  file: string,
  registries: Registries,
  assignments: readonly string[] = [],
  stored: StoredProtocol = () => null,
): Promise<Plan> {
  const source = readConfig(file, assignments);
  const plugins = await readPlugins(source.root);
  const experiment = readExperiment(source.root, withPlugins(registries, plugins));
  return buildPlan(experiment, file, source, plugins, stored);
}
