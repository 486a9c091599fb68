import { type Device, openDevice } from '../engine/device.ts';
import { UserError } from '../errors.ts';
import { jsonHash } from '../identity/keys.ts';
import type { DataRef, MethodRef, MetricRef, PriorRef, SettingRef } from '../identity/refs.ts';
import { isOfImages } from '../metrics/kinds.ts';
import { builtIn } from '../plan/built-in.ts';
import type { PluginExports } from '../plan/plugin-exports.ts';
import { pluginMark } from '../plan/plugin-metrics.ts';
import { loadPlugin, type Plugin, withPlugins } from '../plan/plugins.ts';
import { datasetOf, named, type Registries } from '../plan/registries.ts';
import type { Prior } from '../priors/prior.ts';
import { OpenMetrics } from '../scoring/open-metrics.ts';
import type { Solver } from '../solvers/solver.ts';
import { isScoredBy } from '../tasks/roles.ts';
import type { Task } from '../tasks/task.ts';
import type { GroupJob, Lease } from './messages.ts';
import type { ScoreParts } from './score-cells.ts';
import type { GroupParts } from './solve-group.ts';

/** What a child process keeps from batch to batch: its device, the user's plug-ins and the prior loaded last. */
export class Workbench {
  readonly #lease: Lease;
  readonly #device: Device;
  readonly #plugins: readonly Plugin[];
  readonly #known: Registries;
  readonly #networks: OpenMetrics;
  #loaded: { key: string; prior: Prior } | null = null;

  private constructor(lease: Lease, device: Device, plugins: readonly Plugin[]) {
    this.#lease = lease;
    this.#device = device;
    this.#plugins = plugins;
    this.#known = withPlugins(builtIn, plugins);
    this.#networks = new OpenMetrics(async () => ({ ...device, compile: device.compileInFull }));
  }

  static async open(lease: Lease): Promise<Workbench> {
    const device = await openDevice(lease.device, lease.precision);
    const plugins = await Promise.all(lease.plugins.map((ref) => loadPlugin(ref)));
    return new Workbench(lease, device, plugins);
  }

  async partsFor(
    { batch, metrics: wanted }: GroupJob,
    progress: GroupParts['progress'],
  ): Promise<GroupParts> {
    const { method, setting } = batch;
    const task = this.#task(setting);
    return {
      task,
      dataset: this.#dataset(setting.data),
      metrics: wanted.flatMap((ref) => {
        this.#requireScoredAsPlanned(ref);
        const metric = this.#known.metrics.get(ref.name);
        return metric && isOfImages(metric) && metric.by === 'arithmetic' && isScoredBy(task.kind, metric)
          ? { ref, metric }
          : [];
      }),
      method: method.prior && { solver: this.#solver(method), prior: await this.#prior(method.prior) },
      device: this.#device,
      resultsDir: this.#lease.resultsDir,
      traces: this.#lease.traces ?? false,
      progress,
    };
  }

  /** The prior makes room: pictures are scored after all are solved. */
  partsForScores(): ScoreParts {
    this.#loaded?.prior.dispose();
    this.#loaded = null;
    return { known: this.#known, networks: this.#networks, resultsDir: this.#lease.resultsDir };
  }

  #solver({ name, sourceSha256 }: MethodRef): Solver {
    this.#requireUnchanged('solvers', name, sourceSha256);
    return named(this.#known.solvers, name);
  }

  #task({ task, pluginSha256 }: SettingRef): Task {
    this.#requireUnchanged('tasks', task, pluginSha256);
    return named(this.#known.tasks, task);
  }

  #dataset(data: DataRef): GroupParts['dataset'] {
    if (data.kind === 'set') this.#requireUnchanged('datasets', data.name, data.pluginSha256);
    return datasetOf(data, this.#known);
  }

  /** @throws UserError where the plug-in that has it is not the one that the result's key was made with */
  #requireUnchanged(kind: keyof PluginExports, name: string, planned: string | undefined): void {
    const plugin = this.#pluginOf(kind, name);
    if (plugin?.sha256 === planned) return;
    throw changed(plugin?.path ?? `of ${name}`);
  }

  #requireScoredAsPlanned({ name, protocol }: MetricRef): void {
    const plugin = this.#pluginOf('metrics', name);
    if (plugin && protocol.plugin !== pluginMark(plugin.sha256)) throw changed(plugin.path);
  }

  #pluginOf(kind: keyof PluginExports, name: string): Plugin | undefined {
    return this.#plugins.find((one) => one[kind].some((thing) => thing.name === name));
  }

  /** Models are large: the one before goes when another is asked for. */
  async #prior(ref: PriorRef): Promise<Prior> {
    const key = jsonHash(ref);
    if (this.#loaded?.key !== key) {
      this.#loaded?.prior.dispose();
      this.#loaded = null;
      this.#requireUnchanged('priors', ref.name, ref.pluginSha256);
      const kind = named(this.#known.priors, ref.name);
      const params = { ...ref.params, ...ref.paths };
      const { weightsSha256 } = await kind.inspect(params);
      if (weightsSha256 !== ref.weightsSha256)
        throw new UserError(`the files of prior ${ref.name} have changed since the plan was made`);
      this.#loaded = { key, prior: await kind.open(params, this.#device.constant) };
    }
    return this.#loaded.prior;
  }
}

function changed(plugin: string): UserError {
  return new UserError(`plug-in ${plugin} has changed since the plan was made`);
}
