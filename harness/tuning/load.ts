import { UserError } from '../errors.ts';
import { byMethod } from '../identity/batch-methods.ts';
import { canonicalJson } from '../identity/canonical.ts';
import type { Batch, MethodRef, SettingRef } from '../identity/refs.ts';
import { buildPlan } from '../plan/build-plan.ts';
import type { Experiment } from '../plan/experiment.ts';
import { openExperiment } from '../plan/open-experiment.ts';
import { readPictures, selectIds } from '../plan/pictures.ts';
import { placed } from '../plan/placed.ts';
import type { Plan, StoredProtocol } from '../plan/plan.ts';
import type { Registries } from '../plan/registries.ts';
import { type Search, searchesOf, searchNotes } from './searches.ts';
import { lookAtTuning, readTuning, type Tuning } from './section.ts';

/** A search whose trials are planned: a method for each of its points. */
export interface PlannedSearch extends Search {
  readonly setting: SettingRef;
  readonly methods: readonly MethodRef[];
}

/** What `tweedie tune` does: a plan of ordinary cells, and which of them are trials of what. */
export interface TuningPlan {
  readonly experiment: Experiment;
  readonly tuning: Tuning;
  readonly plan: Plan;
  /** Without what the plan skips. */
  readonly searches: readonly PlannedSearch[];
}

/**
 * Reads an experiment's section `tune` and plans its trials, as an experiment named `<name>+tune`, which no file can be
 * called. Every mistake is a UserError that says where.
 */
export async function loadTuning(
  file: string,
  registries: Registries,
  assignments: readonly string[],
  stored: StoredProtocol,
): Promise<TuningPlan> {
  const { source, plugins, known, experiment } = await openExperiment(
    file,
    registries,
    assignments,
    lookAtTuning,
  );
  const tuning = readTuning(source.root, experiment, known);
  await refuseTooFew(tuning);
  const searches = searchesOf(experiment, tuning);
  const built = await buildPlan(
    trialsAsExperiment(experiment, tuning, searches),
    file,
    source,
    plugins,
    stored,
  );
  await refuseScored(tuning, experiment, built);
  const notes = [
    ...built.notes,
    ...searchNotes(experiment, searches, tuning),
    ...scoredNote(experiment, tuning),
  ];
  return { experiment, tuning, plan: { ...built, notes }, searches: inPlan(searches, built) };
}

function trialsAsExperiment(
  experiment: Experiment,
  { data, seeds, metric }: Tuning,
  searches: readonly Search[],
): Experiment {
  const tasks = experiment.tasks.flatMap((task) => {
    const solvers = searches.flatMap((search) => (search.task === task ? search.points : []));
    return solvers.length > 0 ? [{ ...task, solvers }] : [];
  });
  return {
    ...experiment,
    name: `${experiment.name}+tune`,
    data,
    seeds: [...seeds],
    tasks,
    // Trials have parameters of their own, and no solver but those that are searched.
    exclude: experiment.exclude.flatMap((one) => (one.params ? [] : [{ ...one, mustMatch: false }])),
    metrics: [metric],
    report: { baseline: null, charts: [], tables: [], published: [] },
  };
}

async function refuseTooFew({ data }: Tuning): Promise<void> {
  const ids = await placed(data.where, () => data.dataset.ids(data.split));
  if (data.count! <= ids.length) return;
  throw new UserError(
    `tune.count: asked for ${data.count} pictures, there are ${ids.length} to tune on`,
    data.selectionWhere,
  );
}

/** A folder to tune on must hold none of the pictures that methods are compared on; a set's splits are apart. */
async function refuseScored({ data }: Tuning, experiment: Experiment, { batches }: Plan): Promise<void> {
  if (data.ref.kind !== 'folder') return;
  const [, height, width] = batches[0]!.setting.imageShape;
  const ids = await selectIds(experiment.data);
  const scored = await readPictures(experiment.data, ids, { height, width });
  const known = new Set(scored.map(({ sha256 }) => sha256));
  const both = batches.flatMap(({ items }) => items).find(({ sha256 }) => known.has(sha256));
  if (both)
    throw new UserError(
      `tune.folder: ${both.id} is among the pictures that the experiment scores; expected others`,
      data.where,
    );
}

function scoredNote({ data: scored }: Experiment, { data }: Tuning): string[] {
  return data.ref.kind === 'set' && scored.split === data.split
    ? [`the experiment itself compares methods on ${data.split}, which is tuned on here`]
    : [];
}

function inPlan(searches: readonly Search[], { batches }: Plan): PlannedSearch[] {
  const keyOf = (solver: string, params: object, task: string, taskParams: object) =>
    canonicalJson({ solver, params, task, taskParams });
  const known = new Map<string, Batch>();
  for (const batch of batches.flatMap(byMethod)) {
    const { method, setting } = batch;
    if (method.kind === 'solver')
      known.set(keyOf(method.name, method.params, setting.task, setting.params), batch);
  }
  return searches.flatMap((search) => {
    const { task, solver, points } = search;
    const found = points.flatMap(
      ({ params }) => known.get(keyOf(solver.name, params, task.task.name, task.params)) ?? [],
    );
    const [first] = found;
    return first ? [{ ...search, setting: first.setting, methods: found.map(({ method }) => method) }] : [];
  });
}
