import { join } from 'node:path';
import { costsFrom, estimateSeconds, groupSeconds } from '../config/estimate.ts';
import { loadPlan } from '../config/load.ts';
import type { Plan } from '../config/plan.ts';
import { UserError } from '../errors.ts';
import { fromStore } from '../report/from-store.ts';
import { terminalTable, writeReport } from '../report/index.ts';
import type { RunSummary } from '../scheduler/events.ts';
import { makeLeases } from '../scheduler/leases.ts';
import { type ProgressDisplay, showBars, showLines, showNothing } from '../scheduler/progress.ts';
import { RunLock } from '../scheduler/run-lock.ts';
import { registerPlan, runPlan, workToDo } from '../scheduler/run-plan.ts';
import { RunProgress } from '../scheduler/run-progress.ts';
import { costs, experimentStatus, failureRows, statesOf } from '../store/queries.ts';
import { closeStore, openStore, type Store } from '../store/store.ts';
import type { Lease } from '../worker/messages.ts';
import type { ExperimentOptions } from './experiment-options.ts';
import { summarise } from './plan-summary.ts';
import { registries } from './registries.ts';

const INTERRUPTED = 130;

/**
 * Plans an experiment, runs what it lacks, prints its tables and writes its report. `prepare` may change the stored
 * cells before; it is given the store with the plan entered. Sets the exit code: 1 where cells have failed, 130 where
 * the run was interrupted.
 */
export async function execute(
  options: ExperimentOptions,
  prepare: (store: Store, plan: Plan) => void,
): Promise<void> {
  if (options.timeout !== undefined && !(options.timeout > 0)) {
    throw new UserError(`--timeout ${options.timeout}: expected a number of seconds above 0`);
  }
  const plan = await loadPlan(options.config, registries, [...options.set, ...assignments(options)]);
  const lock = new RunLock(options.results, plan.name);
  const store = openStore(options.results, { create: true });
  try {
    registerPlan(store, plan);
    prepare(store, plan);
    const summary = await compute(options, plan, store, lock);
    await conclude(options, plan, store, summary);
  } finally {
    closeStore(store);
    lock.release();
  }
}

/** The command line's devices and workers go through the same checks as the file's. */
function assignments({ device, workers }: ExperimentOptions): string[] {
  return [
    ...(device === undefined ? [] : [`devices=[${JSON.stringify(device)}]`]),
    ...(workers === undefined ? [] : [`workers=${workers}`]),
  ];
}

async function compute(
  options: ExperimentOptions,
  plan: Plan,
  store: Store,
  lock: RunLock,
): Promise<RunSummary> {
  const leases = makeLeases(plan.devices, { resultsDir: store.dir, plugins: plan.plugins });
  const keys = plan.groups.flatMap(({ items }) => items.map(({ cellKey }) => cellKey));
  const states = statesOf(store, keys);
  const todo = workToDo(plan, states);
  const costSource = costsFrom(costs(store, null));
  if (!options.json) {
    const settled = new Set([...states].filter(([, status]) => status !== 'todo').map(([key]) => key));
    const groups = todo.map(({ group }) => group);
    console.log(summarise(plan, settled, estimateSeconds(groups, plan.devices, costSource)));
  }
  const expected = new Map(
    todo.flatMap(({ group, wanted }) =>
      wanted.map((key) => [key, groupSeconds(group, costSource) / group.items.length] as const),
    ),
  );
  const display = displayFor(options, new RunProgress(expected, leases.length), plan, leases);
  const stop = new AbortController();
  const onSignal = () => (stop.signal.aborted ? process.exit(INTERRUPTED) : stop.abort());
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await runPlan(plan, store, lock, leases, {
      failFast: options.failFast,
      timeoutSeconds: options.timeout ?? null,
      signal: stop.signal,
      events: display,
    });
  } finally {
    display.stop();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function displayFor(
  { json }: ExperimentOptions,
  progress: RunProgress,
  plan: Plan,
  leases: readonly Lease[],
): ProgressDisplay {
  if (json || progress.total === 0) return showNothing(progress);
  if (!process.stderr.isTTY) return showLines(progress, (line) => console.error(line));
  return showBars(
    progress,
    plan,
    leases.slice(0, progress.total).map(({ label }) => label),
  );
}

async function conclude(
  options: ExperimentOptions,
  plan: Plan,
  store: Store,
  summary: RunSummary,
): Promise<void> {
  const status = experimentStatus(store, plan.name);
  if (summary.outcome === 'interrupted') process.exitCode = INTERRUPTED;
  else if (status.failed > 0) process.exitCode = 1;

  const finished = summary.outcome === 'finished' && status.done > 0;
  const source = finished ? fromStore(store, plan.name, registries, new Date()) : null;
  const written =
    source && options.report
      ? await writeReport(source, { out: join('reports', `${plan.name}.html`) })
      : null;
  if (options.json) {
    const failures = failureRows(store, plan.name).map(({ logTail: _, ...failure }) => failure);
    console.log(JSON.stringify({ ...summary, ...status, failures, report: written?.path ?? null }, null, 2));
    return;
  }
  if (source) console.log(terminalTable(source));
  if (status.failed > 0) {
    const kinds = Object.entries(status.failures).map(([kind, n]) => `${n} ${kind}`);
    console.error(
      `${status.failed} cells failed (${kinds.join(', ')}); to run them again: tweedie retry ${options.config}`,
    );
  }
  if (summary.outcome !== 'finished') {
    console.error(
      `${summary.outcome}: ${status.done} of ${status.total} cells are done; the same command goes on`,
    );
  }
  if (written) console.log(`\n${written.path}`);
}
