import { readConfig } from '../config/read.ts';
import { buildPlan } from './build-plan.ts';
import { readExperiment } from './experiment.ts';
import type { Plan } from './plan.ts';
import { readPlugins, withPlugins } from './plugins.ts';
import type { Registries } from './registries.ts';

/** Reads, validates and plans an experiment file. Every mistake in it is a UserError that says where. */
export async function loadPlan(
  file: string,
  registries: Registries,
  assignments: readonly string[] = [],
): Promise<Plan> {
  const source = readConfig(file, assignments);
  const plugins = await readPlugins(source.root);
  const experiment = readExperiment(source.root, withPlugins(registries, plugins));
  return buildPlan(experiment, file, source, plugins);
}
