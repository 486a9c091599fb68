import { refuseTooMany } from '../config/limits.ts';
import { nodeAt, plain } from '../config/located.ts';
import type { SourceFile } from '../config/read.ts';
import { UserError } from '../errors.ts';
import {
  type CellMethod,
  type KeyedItem,
  methodRef,
  priorKey,
  settingRef,
  solvingKeys,
} from '../identity/keys.ts';
import { withDraws } from '../identity/mean-of-draws.ts';
import type { MethodGroup } from '../identity/method-group.ts';
import { captionParameters } from '../identity/own-caption.ts';
import type { DataRef, MetricRef, PlannedItem, SettingRef, Skipped } from '../identity/refs.ts';
import type { Protocol } from '../metrics/metric.ts';
import type { PictureSize } from '../pictures/image8.ts';
import { referTo, referToStored } from '../scoring/protocol.ts';
import { perImageParameters } from '../solvers/per-image.ts';
import { refuseMisfit } from '../tasks/misfit.ts';
import { captionWords, cutByTasks, cutPrompts, refusePrompts, refuseSteps } from './against-prior.ts';
import { type Captions, readCaptions, refuseLackingData, refuseUnscorable } from './beside-pictures.ts';
import { calledAmong } from './called-among.ts';
import { composeBatches, type Row } from './compose-batches.ts';
import { refuseDraws } from './draws.ts';
import { withoutExcluded } from './exclude.ts';
import type { Experiment, SolverPoint, TaskPoint } from './experiment.ts';
import {
  type Choice,
  type Choices,
  choosePriors,
  lackOfTask,
  notesOnParts,
  refuseUnfit,
  unchosenPriors,
} from './fit.ts';
import { inspectPriors, type PlannedPrior } from './inspect-priors.ts';
import { tasksWithoutBound } from './inversion-bound.ts';
import { refuseShown, trainedOnThese } from './leaks.ts';
import { type PosedOn, posedOn } from './left-out.ts';
import { groupOf } from './method-group.ts';
import type { MetricPoint } from './metric-points.ts';
import { notesOf } from './notes.ts';
import { idleSolvers, tasksWithoutMethods, withSolversOfItsKind } from './of-another-kind.ts';
import { refuseOtherUnknowns } from './other-unknowns.ts';
import { passesOf } from './passes.ts';
import { pictureNotes, pictureProtocol } from './picture-notes.ts';
import { readPictures, selectIds } from './pictures.ts';
import { type Plan, rowKey, type StoredProtocol } from './plan.ts';
import { type Plugin, pluginOf } from './plugins.ts';
import { RowLabels } from './row-labels.ts';
import { setsTooSmall } from './sets-too-small.ts';
import { unaskedMetrics } from './unasked.ts';
import { usualBatch } from './usual-batch.ts';
import { usualWorkers } from './usual-workers.ts';
import { tasksWithoutBaseline } from './without-baseline.ts';

/**
 * Turns an experiment into cells: for each task its baseline, then each solver, the pictures of each seed, in batches.
 * Cells of one (solver, task) are neighbours; two entries that mean the same cells give them once. Reads the pictures
 * (for their hashes) and asks the prior for its image size and weights' hash; loads no weights.
 */
export async function buildPlan(
  experiment: Experiment,
  file: string,
  source: SourceFile,
  plugins: readonly Plugin[],
  stored: StoredProtocol,
): Promise<Plan> {
  const priors = await inspectPriors(experiment.priors, plugins);
  const { imageShape } = priors[0]!.facts;
  const asked = experiment.tasks.map(withSolversOfItsKind);
  const idle = idleSolvers(experiment.tasks, asked);
  const {
    tasks,
    choices,
    notes: leftOut,
  } = withoutExcluded(
    asked,
    new Map(asked.flatMap(({ solvers }) => solvers.map((point) => [point, choosePriors(point, priors)]))),
    experiment.exclude,
  );
  const pointsOf = (prior: PlannedPrior) =>
    [...choices].flatMap(([point, chosen]) =>
      chosen.some((choice) => choice.prior === prior && choice.lack === null) ? [point] : [],
    );
  for (const prior of priors) {
    refuseSteps(pointsOf(prior), prior.facts);
    refusePrompts(pointsOf(prior), prior.facts, prior.name);
  }
  for (const point of tasks) {
    const { task, params, written } = point;
    refuseOtherUnknowns(point, priors, imageShape);
    refuseMisfit(task, params, imageShape, (parameter) => nodeAt(written, [parameter]).where);
    refuseLackingData(point, experiment.data);
  }
  const ids = await selectIds(experiment.data);
  for (const point of tasks) await refuseShown(point, experiment.data, ids);
  const posed = new Map<TaskPoint, PosedOn>();
  for (const point of tasks)
    posed.set(point, await posedOn(point, experiment.data, ids, calledAmong(tasks, point)));
  const captions = await readCaptions(tasks, experiment.data, ids);
  const seen = trainedOnThese(
    priors.filter((prior) => pointsOf(prior).length > 0),
    experiment.data,
  );
  const methods = tasks.reduce(
    (sum, { solvers }) => sum + solvers.reduce((n, point) => n + choices.get(point)!.length, 1),
    0,
  );
  refuseTooMany(methods, experiment.seeds.length * ids.length, experiment.data.where);
  const [, height, width] = imageShape;
  const size = { height, width };
  const pictures = await readPictures(experiment.data, ids, size);
  const protocol = pictureProtocol(pictures, size);
  for (const metric of experiment.metrics) refuseUnscorable(metric, experiment.data);
  const metrics = experiment.metrics.map((point) =>
    refer(point, size, protocol, (name, version) => stored(experiment.name, name, version)),
  );
  const planned = new Map<string, Row>();
  const labels = new RowLabels();
  const groups = new Map<string, MethodGroup>();
  const skipped = new Map<string, Skipped>();
  const data = dataRefOf(experiment.data, plugins);
  for (const point of tasks) {
    const setting = settingOf(point, plugins, data, imageShape);
    const own = pictures.filter(({ id }) => posed.get(point)!.ids.has(id));
    const items = experiment.seeds.flatMap((seed) => own.map(({ id, sha256 }) => ({ id, sha256, seed })));
    for (const { method, passes, perImage, lack, label, group } of methodsOf(point, choices, plugins)) {
      const isOverridden = point.override?.entries.has(method.name) === true;
      if (label !== null) labels.add(method.key, label, isOverridden ? point.task.name : null);
      if (group !== null && !groups.has(method.key)) groups.set(method.key, group);
      if (lack !== null) {
        skipped.set(rowKey({ method, setting }), { method, setting, reason: lack });
        continue;
      }
      // A baseline runs in no step.
      const precision = method.kind === 'baseline' ? 'float32' : experiment.precision;
      const of = { method, setting, rng: experiment.rng, precision };
      planned.set(rowKey(of), { ...of, passes, perImage, items: keyed(of, items, captions) });
    }
  }
  refuseUnfit(tasks, choices);
  const rows = byPrior([...planned.values()], priors);
  const batches = composeBatches(rows, experiment.batch ?? usualBatch(imageShape));
  return {
    name: experiment.name,
    configFile: file,
    configText: source.text,
    configValues: plain(source.root),
    batches,
    rows: rows.map(rowKey),
    skipped: [...skipped.values()],
    notes: [
      ...leftOut,
      ...idle,
      ...tasksWithoutMethods(asked),
      ...tasksWithoutBound(tasks, choices, asked),
      ...tasksWithoutBaseline(tasks, choices, experiment.report.baseline),
      ...unchosenPriors(choices, priors),
      ...unaskedMetrics(experiment),
      ...captionWords(choices.keys()),
      ...labels.notes,
      ...priors.flatMap((prior) => [
        ...notesOf(pointsOf(prior), prior.facts.schedule),
        ...notesOnParts(
          pointsOf(prior).map(({ solver }) => solver),
          prior.facts.parts,
        ),
        ...cutPrompts(pointsOf(prior), prior.facts, captions),
        ...cutByTasks(tasks, new Set(pointsOf(prior)), prior.facts, captions),
      ]),
      ...[...posed.values()].flatMap(({ note }) => note ?? []),
      ...setsTooSmall(experiment, posed),
      ...seen,
      ...pictureNotes(pictures, size),
    ],
    metrics: metrics.map(({ ref }) => ref),
    missingWeights: metrics.flatMap(({ missing }) => missing ?? []),
    pictures: protocol,
    devices: experiment.devices.map((device) => ({
      device,
      slots: experiment.workers ?? usualWorkers(device, batches),
    })),
    executor: experiment.executor,
    precision: experiment.precision,
    plugins: plugins.map(({ ref }) => ref),
    report: {
      ...experiment.report,
      priors: priors.map(({ name, ref }) => ({ name, key: priorKey(ref) })),
      seen,
      labels: labels.byMethod,
      groups: Object.fromEntries(groups),
    },
  };
}

/** In the plan's order, but so that a worker has to load each prior once. */
function byPrior(rows: readonly Row[], priors: readonly PlannedPrior[]): Row[] {
  const place = ({ method }: Row) => (method.prior ? priors.findIndex(({ ref }) => ref === method.prior) : 0);
  return [...rows].sort((a, b) => place(a) - place(b));
}

/** A run must not find out at its end that a metric's weights are missing, or that it refuses the prior's pictures. */
function refer(
  { metric, where }: MetricPoint,
  size: PictureSize,
  pictures: Protocol,
  stored: (metric: string, version: number) => Protocol | null,
): { ref: MetricRef; missing: string | null } {
  const reason = metric.refuses?.(size);
  if (reason) throw new UserError(`metric ${metric.name} of the prior's pictures: ${reason}`, where);
  try {
    return { ref: referTo(metric, pictures), missing: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const mistake = new UserError(`metric ${metric.name}: ${error.message}`, where);
    const known = stored(metric.name, metric.version);
    const ref = known && referToStored(metric, pictures, known);
    if (!ref) throw mistake;
    return { ref, missing: mistake.message };
  }
}

function settingOf(
  { task, params }: TaskPoint,
  plugins: readonly Plugin[],
  data: DataRef,
  imageShape: SettingRef['imageShape'],
): SettingRef {
  const { kind, name, version, title = name } = task;
  const pluginSha256 = pluginOf(plugins, 'tasks', task)?.sha256;
  return settingRef({ kind, task: name, title, version, pluginSha256, params, data, imageShape });
}

function dataRefOf({ ref, dataset }: Experiment['data'], plugins: readonly Plugin[]): DataRef {
  return ref.kind === 'set' ? { ...ref, pluginSha256: pluginOf(plugins, 'datasets', dataset)?.sha256 } : ref;
}

/** A method, how often it asks the network for an image, and why it cannot be where it cannot. */
type Planned = Pick<Row, 'method' | 'passes' | 'perImage'> &
  Pick<Choice<PlannedPrior>, 'lack'> &
  Pick<SolverPoint, 'label' | 'group'>;

/** The baseline first. */
function methodsOf(
  { task, solvers }: TaskPoint,
  choices: Choices<PlannedPrior>,
  plugins: readonly Plugin[],
): Planned[] {
  const compared = solvers.flatMap((point) => {
    const { solver, params, label } = point;
    const { name, version, title = name } = solver;
    const plugin = pluginOf(plugins, 'solvers', solver);
    const passes = passesOf(solver, params);
    refuseDraws(point, passes, plugin);
    const draws = point.draws?.count ?? 1;
    const facts = {
      kind: 'solver',
      name,
      title,
      version,
      sourceSha256: plugin?.sha256,
      params: withDraws(params, draws),
    } as const;
    return choices.get(point)!.map(({ prior, lack }) => ({
      method: methodRef({ ...facts, prior: prior.ref }),
      passes: draws * passes,
      perImage: perImageParameters(solver.params),
      label,
      group: groupOf(point, prior.facts, plugins),
      lack: lack ?? lackOfTask(solver, task),
    }));
  });
  if (!task.baseline) return compared;
  const { name } = task.baseline;
  const { version } = task;
  const sourceSha256 = pluginOf(plugins, 'tasks', task)?.sha256;
  const baseline = methodRef({
    kind: 'baseline',
    name,
    title: name,
    version,
    sourceSha256,
    params: {},
    prior: null,
  });
  return [{ method: baseline, passes: 0, perImage: [], lack: null, label: null, group: null }, ...compared];
}

/** What one method is given in one setting. */
function keyed(of: CellMethod, untold: readonly KeyedItem[], captions: Captions): PlannedItem[] {
  const told = captionParameters(of.method.params).length > 0;
  const keyOf = solvingKeys(of);
  return untold.map((one) => {
    const item = told ? { ...one, caption: captions.get(one.id) } : one;
    return { ...item, cellKey: keyOf(item) };
  });
}
