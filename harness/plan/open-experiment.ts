import { readConfig, type SourceFile } from '../config/read.ts';
import { UserError } from '../errors.ts';
import { type Experiment, readExperiment } from './experiment.ts';
import { type AlsoLook, refuseAll } from './mistakes-in.ts';
import { type Plugin, readPlugins, withPlugins } from './plugins.ts';
import type { Registries } from './registries.ts';

/** An experiment with all that its file brings. */
export interface OpenedExperiment {
  readonly source: SourceFile;
  readonly plugins: readonly Plugin[];
  /** What is built in, and what the plug-ins add. */
  readonly known: Registries;
  readonly experiment: Experiment;
}

/**
 * Reads and validates an experiment file. Throws a UserError with every mistake in it, and its place; `alsoLook` finds those of a
 * section that only one command minds.
 */
export async function openExperiment(
  file: string,
  registries: Registries,
  assignments: readonly string[] = [],
  alsoLook: AlsoLook = () => {},
): Promise<OpenedExperiment> {
  const { root } = readConfig(file, assignments);
  const plugins = await readPlugins(root);
  const known = withPlugins(registries, plugins);
  const source = readConfig(file, assignments, (section, name) =>
    Object.keys(known[section].get(name)?.params.shape ?? {}),
  );
  try {
    return { source, plugins, known, experiment: readExperiment(source.root, known) };
  } catch (error) {
    if (error instanceof UserError) await refuseAll(error, source.root, known, alsoLook);
    throw error;
  }
}
