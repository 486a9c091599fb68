import { availableParallelism } from 'node:os';
import { refuseTooMany } from '../config/limits.ts';
import { nodeAt } from '../config/located.ts';
import type { SourceFile } from '../config/read.ts';
import type { Precision } from '../engine/devices/kind.ts';
import { type SourceLocation, UserError } from '../errors.ts';
import { jsonHash, solvingKey } from '../identity/keys.ts';
import type { CellGroup, DataRef, MetricRef, PlannedItem, PriorRef } from '../identity/refs.ts';
import type { Protocol } from '../metrics/metric.ts';
import type { PictureSize } from '../pictures/image8.ts';
import { referTo } from '../scoring/protocol.ts';
import { kindOf, type Solver } from '../solvers/solver.ts';
import { rolesOf } from '../tasks/kinds.ts';
import { refuseMisfit } from '../tasks/misfit.ts';
import type { Task } from '../tasks/task.ts';
import { cutPrompts, refuseSteps } from './against-prior.ts';
import type { DataSelection, Experiment, MetricPoint, TaskPoint } from './experiment.ts';
import { isFor, lackOfPrior, lackOfTask } from './fit.ts';
import { notesOf } from './notes.ts';
import { pictureNotes, pictureProtocol } from './picture-notes.ts';
import { readPictures, selectIds } from './pictures.ts';
import { placedAll } from './placed.ts';
import type { DeviceSlots, Plan } from './plan.ts';
import type { Plugin } from './plugins.ts';

type GroupMethod = Omit<CellGroup, 'groupKey' | 'items'>;

/**
 * Turns an experiment into cells: for each task its baseline, then each solver, each seed, the pictures in batches.
 * Cells of one (solver, task) are neighbours; two entries that mean the same cells give them once. Reads the pictures
 * (for their hashes) and asks the prior for its image size and weights' hash; loads no weights.
 */
export async function buildPlan(
  experiment: Experiment,
  file: string,
  source: SourceFile,
  plugins: readonly Plugin[],
): Promise<Plan> {
  const { kind, params, paths, where } = experiment.prior;
  const facts = await placedAll(where, `prior ${kind.name}`, () => kind.inspect({ ...params, ...paths }));
  const tasks = experiment.tasks.map(withSolversOfItsKind);
  const idle = idleSolvers(experiment.tasks, tasks);
  for (const { task, solvers } of tasks)
    for (const { solver } of solvers) {
      const lack = lackOfPrior(solver, facts.parts) ?? lackOfTask(solver, task);
      if (lack !== null) throw new UserError(lack, where);
    }
  const prior: PriorRef = {
    name: kind.name,
    version: kind.version,
    params,
    paths,
    weightsSha256: facts.weightsSha256,
    toy: facts.toy,
    pluginSha256: plugins.find(({ priors }) => priors.includes(kind))?.sha256,
  };
  const points = new Set(tasks.flatMap(({ solvers }) => solvers));
  refuseSteps(points, facts);
  for (const { task, params, written } of tasks) {
    refuseMisfit(task, params, facts.imageShape, (parameter) => nodeAt(written, [parameter]).where);
    refuseMissingLabels(task, experiment.data, written.where);
  }
  const ids = await selectIds(experiment.data);
  const methods = tasks.reduce((sum, { solvers }) => sum + 1 + solvers.length, 0);
  refuseTooMany(methods, experiment.seeds.length * ids.length, experiment.data.where);
  const [, height, width] = facts.imageShape;
  const size = { height, width };
  const pictures = await readPictures(experiment.data, ids, size);
  const protocol = pictureProtocol(pictures, size);
  for (const metric of experiment.metrics) refuseMissingCaptions(metric, experiment.data);
  const metrics = experiment.metrics.map((point) => refer(point, size, protocol));
  const batches = inBatches(
    pictures.map(({ id, sha256 }) => ({ id, sha256 })),
    experiment.batch,
  );

  const groups = new Map<string, CellGroup>();
  for (const point of tasks) {
    for (const method of methodsOf(point, prior, experiment.precision, plugins)) {
      for (const seed of experiment.seeds) {
        for (const batch of batches) {
          const whole = {
            ...method,
            data: experiment.data.ref,
            imageShape: facts.imageShape,
            seed,
            rng: experiment.rng,
          };
          const group = compose(whole, batch);
          groups.set(group.groupKey, group);
        }
      }
    }
  }
  return {
    name: experiment.name,
    configFile: file,
    configText: source.text,
    groups: [...groups.values()],
    notes: [
      ...idle,
      ...unaskedMetrics(experiment),
      ...notesOf(points, facts.schedule),
      ...cutPrompts(points, facts),
      ...pictureNotes(pictures, size),
    ],
    metrics,
    pictures: protocol,
    devices: experiment.devices.map((device) => ({
      device,
      slots: experiment.workers ?? defaultSlots(device),
    })),
    precision: experiment.precision,
    plugins: plugins.map(({ path }) => path),
    report: experiment.report,
  };
}

/** What a task is given to run: other kinds of methods have nothing to say on it. */
function withSolversOfItsKind(point: TaskPoint): TaskPoint {
  return { ...point, solvers: point.solvers.filter(({ solver }) => isFor(solver, point.task)) };
}

/**
 * Which solvers some tasks are not for, a line each.
 * @throws UserError for one that no task is for
 */
function idleSolvers(asked: readonly TaskPoint[], run: readonly TaskPoint[]): string[] {
  const used = new Set(run.flatMap(({ solvers }) => solvers.map(({ solver }) => solver)));
  const idle = new Map<Solver, Set<string>>();
  for (const { task, solvers } of asked)
    for (const { solver, written } of solvers) {
      if (isFor(solver, task)) continue;
      const kind = kindOf(solver);
      if (!used.has(solver))
        throw new UserError(
          `${solver.name} is a method to ${kind}; expected a task of that kind, found ${task.name} (${task.kind})`,
          written.where,
        );
      idle.set(solver, (idle.get(solver) ?? new Set()).add(task.name));
    }
  return [...idle].map(
    ([solver, names]) =>
      `${solver.name} does not run on ${[...names].join(', ')}: it is a method to ${kindOf(solver)}`,
  );
}

/** Which metrics some tasks are not asked for, a line each. */
function unaskedMetrics({ metrics, tasks }: Experiment): string[] {
  return [...new Map(tasks.map(({ task }) => [task.name, task])).values()].flatMap((task) => {
    const { result } = rolesOf(task.kind);
    const others = metrics.filter(({ metric }) => metric.of !== result).map(({ metric }) => metric.name);
    return others.length > 0
      ? [
          `${task.name} finds ${result === 'labels' ? 'labels' : 'pictures'}: not scored by ${others.join(', ')}`,
        ]
      : [];
  });
}

function refuseMissingLabels(task: Task, { dataset, ref }: DataSelection, where: SourceLocation): void {
  if (!task.labelled || dataset.labels) return;
  throw new UserError(`task ${task.name} needs labelled pictures; ${called(ref)} has none`, where);
}

function called(ref: DataRef): string {
  return ref.kind === 'set' ? `the data set ${ref.name}` : `the folder ${ref.folder}`;
}

function refuseMissingCaptions({ metric, where }: MetricPoint, { dataset, ref }: DataSelection): void {
  if (metric.against !== 'caption' || dataset.caption) return;
  throw new UserError(
    `metric ${metric.name} compares pictures with their captions; ${called(ref)} has none`,
    where,
  );
}

/** A run must not find out at its end that a metric's weights are missing, or that it refuses the prior's pictures. */
function refer({ metric, where }: MetricPoint, size: PictureSize, pictures: Protocol): MetricRef {
  const reason = metric.refuses?.(size);
  if (reason) throw new UserError(`metric ${metric.name} of the prior's pictures: ${reason}`, where);
  try {
    return referTo(metric, pictures);
  } catch (error) {
    throw error instanceof UserError
      ? new UserError(`metric ${metric.name}: ${error.message}`, where)
      : error;
  }
}

function methodsOf(
  { task, params, solvers }: TaskPoint,
  prior: PriorRef,
  precision: Precision,
  plugins: readonly Plugin[],
): Omit<GroupMethod, 'data' | 'imageShape' | 'seed' | 'rng'>[] {
  const onTask = { task: task.name, taskVersion: task.version, taskParams: params };
  const baseline = task.baseline && {
    ...onTask,
    kind: 'baseline' as const,
    solver: task.baseline.name,
    solverVersion: task.version,
    params: {},
    prior: null,
    precision: 'float32' as const,
  };
  const compared = solvers.map(({ solver, params: solverParams }) => ({
    ...onTask,
    kind: 'solver' as const,
    solver: solver.name,
    solverVersion: solver.version,
    solverPluginSha256: plugins.find(({ solvers: own }) => own.includes(solver))?.sha256,
    params: solverParams,
    prior,
    precision,
  }));
  return baseline ? [baseline, ...compared] : compared;
}

function compose(method: GroupMethod, batch: readonly Pick<PlannedItem, 'id' | 'sha256'>[]): CellGroup {
  const items = batch.map((picture) => ({ ...picture, cellKey: solvingKey(method, picture) }));
  return { groupKey: jsonHash(items.map(({ cellKey }) => cellKey)), ...method, items };
}

function inBatches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

/** One worker a core on the CPU, but at most four for their memory's sake; an accelerator is one worker's alone. */
function defaultSlots(device: string): DeviceSlots['slots'] {
  return device === 'cpu' || device === 'wasm' ? Math.min(availableParallelism(), 4) : 1;
}
