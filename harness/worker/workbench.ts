import { openDataset } from '../data/index.ts';
import { type Device, openDevice } from '../engine/device.ts';
import { UserError } from '../errors.ts';
import { jsonHash } from '../identity/keys.ts';
import type { DataRef, MethodRef, PriorRef } from '../identity/refs.ts';
import { metrics } from '../metrics/index.ts';
import { loadPlugin, type Plugin } from '../plan/plugins.ts';
import { priors } from '../priors/index.ts';
import type { Prior } from '../priors/prior.ts';
import { OpenMetrics } from '../scoring/open-metrics.ts';
import { solvers } from '../solvers/index.ts';
import type { Solver } from '../solvers/solver.ts';
import { tasks } from '../tasks/index.ts';
import { resultMedia } from './batch.ts';
import type { GroupJob, Lease } from './messages.ts';
import type { ScoreParts } from './score-pictures.ts';
import type { GroupParts } from './solve-group.ts';

/** What a child process keeps from batch to batch: its device, the user's plug-ins and the prior loaded last. */
export class Workbench {
  readonly #lease: Lease;
  readonly #device: Device;
  readonly #plugins: readonly Plugin[];
  readonly #networks: OpenMetrics;
  #loaded: { key: string; prior: Prior } | null = null;

  private constructor(lease: Lease, device: Device, plugins: readonly Plugin[]) {
    this.#lease = lease;
    this.#device = device;
    this.#plugins = plugins;
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
    const task = named(tasks, setting.task);
    const media = resultMedia(task);
    return {
      task,
      dataset: openDataset(datasetSpec(setting.data)),
      metrics: wanted.flatMap((ref) => {
        const metric = metrics.find(({ name }) => name === ref.name);
        return metric?.by === 'arithmetic' && metric.of !== 'kernel' && metric.of === media
          ? { ref, metric }
          : [];
      }),
      method: method.prior && { solver: this.#solver(method), prior: await this.#prior(method.prior) },
      device: this.#device,
      resultsDir: this.#lease.resultsDir,
      progress,
    };
  }

  /** The prior makes room: pictures are scored after all are solved. */
  partsForScores(): ScoreParts {
    this.#loaded?.prior.dispose();
    this.#loaded = null;
    return { metrics, networks: this.#networks, resultsDir: this.#lease.resultsDir };
  }

  #solver({ name, sourceSha256 }: MethodRef): Solver {
    this.#requireUnchanged('solvers', name, sourceSha256);
    return named([...solvers, ...this.#plugins.flatMap((plugin) => plugin.solvers)], name);
  }

  /** @throws UserError where the plug-in that has it is not the one that the result's key was made with */
  #requireUnchanged(kind: 'solvers' | 'priors', name: string, planned: string | undefined): void {
    const plugin = this.#plugins.find((one) => one[kind].some((thing) => thing.name === name));
    if (plugin?.sha256 === planned) return;
    throw new UserError(`plug-in ${plugin?.path ?? `of ${name}`} has changed since the plan was made`);
  }

  /** Models are large: the one before goes when another is asked for. */
  async #prior(ref: PriorRef): Promise<Prior> {
    const key = jsonHash(ref);
    if (this.#loaded?.key !== key) {
      this.#loaded?.prior.dispose();
      this.#loaded = null;
      this.#requireUnchanged('priors', ref.name, ref.pluginSha256);
      const kind = named([...priors, ...this.#plugins.flatMap((plugin) => plugin.priors)], ref.name);
      const params = { ...ref.params, ...ref.paths };
      const { weightsSha256 } = await kind.inspect(params);
      if (weightsSha256 !== ref.weightsSha256)
        throw new UserError(`the files of prior ${ref.name} have changed since the plan was made`);
      this.#loaded = { key, prior: await kind.open(params, this.#device.constant) };
    }
    return this.#loaded.prior;
  }
}

export function datasetSpec(data: DataRef): Parameters<typeof openDataset>[0] {
  return data.kind === 'set' ? { set: data.name } : { folder: data.folder };
}

/** A plan holds only names that were looked up when it was made, so one is missing only when the program changed. */
export function named<T extends { readonly name: string }>(things: readonly T[], name: string): T {
  const thing = things.find((candidate) => candidate.name === name);
  if (!thing) throw new Error(`"${name}" is not there any more; make the plan again`);
  return thing;
}
