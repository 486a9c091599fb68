import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { found, type Located, listOf, nodeAt, quoted } from '../config/located.ts';
import { pathBeside } from '../config/text.ts';
import { type SourceLocation, UserError } from '../errors.ts';
import { requireRegularFile } from '../regular-file.ts';
import {
  type Description,
  describedSolvers,
  type PluginRef,
  readDescribedFile,
  solverDescribed,
} from './described.ts';
import { importPlugin } from './import-plugin.ts';
import { type PluginExports, readExports } from './plugin-exports.ts';
import { pluginFiles } from './plugin-files.ts';
import { markedMetric } from './plugin-metrics.ts';
import type { Registries } from './registries.ts';

/**
 * A user's own module, named in an experiment file, whose default export is what it adds, or a list of that; or what is described
 * instead.
 */
export interface Plugin extends PluginExports {
  /** As a plan keeps it. */
  readonly ref: PluginRef;
  /** Absolute path of the module or the file of the description. */
  readonly path: string;
  /** Over the file and what it imports by relative paths or from this program: part of the key of all of its cells. */
  readonly sha256: string;
  /** Where an experiment file names it. */
  readonly where: SourceLocation | undefined;
}

/**
 * Loads a plug-in.
 * @throws UserError where the file is missing, does not load, or exports something else or with parameters that cannot be.
 */
export async function loadPlugin(ref: PluginRef, where?: SourceLocation): Promise<Plugin> {
  if (typeof ref !== 'string') return describedPlugin(ref, where);
  const path = ref;
  if (!existsSync(path)) throw new UserError(`plug-in ${path}: no such file`, where);
  requireRegularFile(path, where);
  if (DESCRIPTION_FILE.test(path)) return describedPlugin(readDescribedFile(path), where);
  const sha256 = hashOf(path);
  const module = await importPlugin(path, where);
  if (hashOf(path) !== sha256) throw new UserError(`plug-in ${path}: has changed while it was loaded`, where);
  const exported = readExports(module.default, path, where);
  const metrics = exported.metrics.map((metric) => markedMetric(metric, sha256));
  return { ref, path, where, sha256, ...exported, metrics };
}

/** The plug-in that has defined something; undefined for what is built in. */
export function pluginOf<K extends keyof PluginExports>(
  plugins: readonly Plugin[],
  kind: K,
  thing: PluginExports[K][number],
): Plugin | undefined {
  return plugins.find((plugin) => plugin[kind].some((own) => own === thing));
}

const DESCRIPTION_FILE = /\.ya?ml$/;

const NOTHING: PluginExports = { solvers: [], priors: [], tasks: [], metrics: [], datasets: [] };

function describedPlugin(ref: Description, where?: SourceLocation): Plugin {
  const { solver, sha256, file } = solverDescribed(ref);
  return { ref, path: file, where, sha256, ...NOTHING, solvers: [solver] };
}

/**
 * Loads what an experiment file names under `plugins`, each path relative to the file that names it, and the methods that it
 * describes under `solvers`.
 */
export async function readPlugins(root: Located): Promise<Plugin[]> {
  const node = root.kind === 'map' ? root.entries.get('plugins')?.value : undefined;
  const plugins: Plugin[] = [];
  for (const entry of node ? listOf(node) : []) {
    if (entry.kind !== 'scalar' || typeof entry.value !== 'string') {
      throw new UserError(`plugins: expected the path of a module, found ${found(entry)}`, entry.where);
    }
    plugins.push(await loadPlugin(resolve(pathBeside(entry.where, entry.value)), entry.where));
  }
  for (const { description, where } of describedSolvers(nodeAt(root, ['solvers'])))
    plugins.push(await loadPlugin(description, where));
  return plugins;
}

/** The registries with what the plug-ins add. Throws a UserError where a name is taken. */
export function withPlugins(registries: Registries, plugins: readonly Plugin[]): Registries {
  const solvers = new Map(registries.solvers);
  const priors = new Map(registries.priors);
  const tasks = new Map(registries.tasks);
  const metrics = new Map(registries.metrics);
  const datasets = new Map(registries.datasets);
  const owners = new Map<object, Plugin>();
  for (const plugin of plugins) {
    for (const solver of plugin.solvers) add(solvers, solver, 'solver', plugin, owners);
    for (const prior of plugin.priors) add(priors, prior, 'prior', plugin, owners);
    for (const task of plugin.tasks) add(tasks, task, 'task', plugin, owners);
    for (const metric of plugin.metrics) add(metrics, metric, 'metric', plugin, owners);
    for (const dataset of plugin.datasets) add(datasets, dataset, 'data set', plugin, owners);
  }
  return { ...registries, solvers, priors, tasks, metrics, datasets };
}

function add<T extends { readonly name: string }>(
  to: Map<string, T>,
  thing: T,
  kind: string,
  plugin: Plugin,
  owners: Map<object, Plugin>,
): void {
  const { path, where } = plugin;
  const taken = to.get(thing.name);
  if (taken) {
    const owner = owners.get(taken);
    const whose = owner === plugin ? 'its own' : owner ? `of plug-in ${owner.path}` : 'built in';
    const text = `there is a ${kind} ${quoted(thing.name)} already (${whose}); expected another name`;
    throw new UserError(`plug-in ${path}: ${text}`, where);
  }
  to.set(thing.name, thing);
  owners.set(thing, plugin);
}

/** Over everything that a plug-in is made of. */
function hashOf(path: string): string {
  const hash = createHash('sha256');
  for (const content of pluginFiles(path).values())
    hash.update(createHash('sha256').update(content).digest());
  return hash.digest('hex');
}
