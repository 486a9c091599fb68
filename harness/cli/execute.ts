import { requireDevice } from '../engine/device.ts';
import type { MetricRef } from '../identity/refs.ts';
import { costsFrom, estimateSeconds } from '../plan/estimate.ts';
import type { Asked, ExecutorKind } from '../plan/executor.ts';
import { loadPlan } from '../plan/load.ts';
import { cellKeys, type Plan } from '../plan/plan.ts';
import type { Known } from '../plan/registries.ts';
import { makeLeases } from '../scheduler/leases.ts';
import type { KnownPlan } from '../scheduler/rebuild.ts';
import { RunLock } from '../scheduler/run-lock.ts';
import { registerPlan, runPlan, workToDo } from '../scheduler/run-plan.ts';
import { RunProgress } from '../scheduler/run-progress.ts';
import { RunningMeans } from '../scheduler/running-means.ts';
import { lacksScores } from '../scheduler/score-plan.ts';
import { metricRows, statesOf } from '../store/queries.ts';
import type { CellStatus } from '../store/records.ts';
import { closeStore, openStore, type Store } from '../store/store.ts';
import { tracedCells } from '../store/trace-file.ts';
import { counted } from '../text/count.ts';
import { printable } from '../text/terminal.ts';
import type { TimeLimits } from '../worker/watchdog.ts';
import { executorAsking } from './asked-options.ts';
import { computeBySlurm } from './by-slurm.ts';
import { checkPictures, missingPictures } from './check-pictures.ts';
import { conclude, requireRoomForReport, type TimedSummary } from './conclusion.ts';
import { displayFor, expectedSeconds } from './displays.ts';
import { type ComputeOptions, type ExperimentOptions, timeLimits } from './experiment-options.ts';
import { costsOf, requireWeights, storedProtocols } from './known-results.ts';
import { warnOfSharedFolder } from './machine-notes.ts';
import { summarise } from './plan-summary.ts';
import { registries, registriesWith } from './registries.ts';
import { say, warn } from './say.ts';
import { StopSignals } from './stop-signals.ts';

/** How commands that compute an experiment differ. */
export interface Execution {
  /** False: what is not solved stays so. */
  readonly solve: boolean;
  /** Whether what solvers say of their steps is kept. Default: no. */
  readonly traces?: boolean;
  /** Instead of the file's executor. */
  readonly executor?: ExecutorKind | undefined;
  /** Of Slurm, instead of what the file asks for. */
  readonly asked?: Asked;
  /** Metrics beside those of the file. */
  alsoScore?(plan: Plan, known: Known): readonly MetricRef[];
  /** May change the stored cells before; the plan is entered. */
  prepare?(store: Store, plan: Plan): void;
}

/**
 * Plans an experiment, runs and scores what it lacks, prints its tables and writes its report. Sets the exit code: 1
 * where cells have failed, numbers or pictures are missing or nothing could be stored any more, 128 and the signal's number where
 * one has stopped it.
 */
export async function execute(options: ExperimentOptions, execution: Execution): Promise<void> {
  const planned = await loadPlan(
    options.config,
    registries,
    assignments(options),
    storedProtocols(options.results),
  );
  const known = await registriesWith(planned.plugins);
  const { executor: kind = planned.executor.kind, asked = {} } = execution;
  const plan: Plan = {
    ...withMetrics(planned, execution.alsoScore?.(planned, known) ?? []),
    executor: executorAsking({ ...planned.executor, kind }, asked),
  };
  if (options.report) requireRoomForReport(plan, options.results);
  await carryOut(options, execution, plan, (store, summary) => conclude(options, plan, store, summary));
}

/** Runs and scores what a plan lacks, and hands over what is stored then. */
export async function carryOut(
  options: ComputeOptions,
  execution: Omit<Execution, 'alsoScore'>,
  plan: Plan,
  conclude: (store: Store, summary: TimedSummary) => Promise<void>,
): Promise<void> {
  const limits = timeLimits(options);
  const known = await registriesWith(plan.plugins);
  requireWeights(plan, options.results, known);
  warnOfSharedFolder(options.results);
  const lock = new RunLock(options.results, plan.name);
  const store = openStore(options.results, { create: true });
  try {
    const { version, isNew } = registerPlan(store, plan);
    if (!options.json && isNew && version > 1)
      say(`${plan.name}@${version}  a changed plan: what was run before stays (tweedie status)`);
    execution.prepare?.(store, plan);
    for (const note of await checkPictures(plan, store, known, execution.solve)) warn(printable(note));
    const { solve, traces = false } = execution;
    const summary =
      solve && plan.executor.kind === 'slurm'
        ? await computeBySlurm(
            { options, limits, traces, version: `${plan.name}@${version}` },
            { plan, known },
            store,
            lock.note,
          )
        : await compute(options, limits, execution, { plan, known }, store, lock);
    await conclude(store, summary);
  } finally {
    closeStore(store);
    lock.release();
  }
}

function withMetrics(plan: Plan, more: readonly MetricRef[]): Plan {
  const names = plan.metrics.map(({ name }) => name);
  return { ...plan, metrics: [...plan.metrics, ...more.filter(({ name }) => !names.includes(name))] };
}

/** What the command line changes of a file: its devices and workers go through the same checks as the file's. */
export function assignments({ set, device, workers }: ComputeOptions): string[] {
  return [
    ...set,
    ...(device === undefined ? [] : [`devices=[${JSON.stringify(device)}]`]),
    ...(workers === undefined ? [] : [`workers=${workers}`]),
  ];
}

async function compute(
  options: ComputeOptions,
  limits: TimeLimits,
  { solve, traces = false }: Execution,
  { plan, known }: KnownPlan,
  store: Store,
  lock: RunLock,
): Promise<TimedSummary> {
  const leases = makeLeases(plan.devices, {
    precision: plan.precision,
    resultsDir: store.dir,
    plugins: plan.plugins,
    traces,
  });
  const states = statesOf(store, cellKeys(plan));
  const todo = solve ? workToDo(plan, states) : [];
  // Where nothing is left to solve, reading what was found before would take most of the time.
  const costSource = todo.length > 0 ? costsOf(store) : costsFrom([]);
  const batches = todo.map(({ batch }) => batch);
  const estimatedSeconds = estimateSeconds(batches, plan.devices, costSource);
  if (!options.json) {
    say(solve ? summarise(plan, states, estimatedSeconds) : solvedSoFar(plan, states));
    if (traces) for (const note of untraced(plan, states, store.dir)) warn(note);
    if (lock.reaped.length > 0)
      warn(`ended ${counted(lock.reaped.length, 'process', 'processes')} that a killed run had left`);
  }
  const expected = expectedSeconds(todo, costSource);
  const work = batches.length > 0 || lacksScores(store, plan.name, known);
  if (work) for (const { device } of plan.devices) await requireDevice(device, plan.precision);
  const progress = new RunProgress(expected, leases.length);
  const means = new RunningMeans(todo.length > 0 ? metricRows(store, plan.name) : [], todo);
  const display = displayFor(options.json || !work, progress, means, plan, leases);
  const signals = new StopSignals();
  try {
    const summary = await runPlan(plan, store, lock.note, leases, {
      known,
      solve,
      failFast: options.failFast,
      limits,
      estimatedSeconds,
      signal: signals.signal,
      events: display,
    });
    const worked = solve && summary.outcome === 'finished' && summary.seconds > 0;
    const missing = worked ? missingPictures(store, plan.name) : [];
    return { ...summary, missing, estimatedSeconds, signalExitCode: signals.exitCode };
  } finally {
    display.stop();
    signals.dispose();
  }
}

/** A trace is made as a cell is solved, and is no reason to solve one again. */
function untraced({ name, batches }: Plan, states: ReadonlyMap<string, CellStatus>, dir: string): string[] {
  const traced = tracedCells(dir);
  const solved = batches.filter(({ method }) => method.kind === 'solver').flatMap(({ items }) => items);
  const without = solved.filter(
    ({ cellKey }) => states.get(cellKey) === 'done' && !traced.has(cellKey),
  ).length;
  if (without === 0) return [];
  return [
    `--trace: ${counted(without, 'cell')} of ${printable(name)} ${without === 1 ? 'is' : 'are'} done already and not solved again for it; another --results folder has all traced`,
  ];
}

function solvedSoFar({ name }: Plan, states: ReadonlyMap<string, CellStatus>): string {
  const solved = [...states.values()].filter((status) => status === 'done').length;
  return `${name}  ${solved} of ${states.size} cells are solved`;
}
