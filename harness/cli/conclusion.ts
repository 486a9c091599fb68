import { join } from 'node:path';
import type { Plan } from '../config/plan.ts';
import { fromStore } from '../report/from-store.ts';
import { terminalTable, writeReport } from '../report/index.ts';
import type { RunSummary } from '../scheduler/events.ts';
import { experimentStatus, failureRows } from '../store/queries.ts';
import type { Store } from '../store/store.ts';
import type { ExperimentOptions } from './experiment-options.ts';
import { duration } from './plan-summary.ts';
import { registriesWith } from './registries.ts';

export interface TimedSummary extends RunSummary {
  /** null where nothing was known of a method's speed. */
  readonly estimatedSeconds: number | null;
  /** null where no signal has come. */
  readonly signalExitCode: number | null;
}

/** Says how a run ended: tables, report, failures, exit code. */
export async function conclude(
  options: ExperimentOptions,
  plan: Plan,
  store: Store,
  summary: TimedSummary,
): Promise<void> {
  const status = experimentStatus(store, plan.name);
  process.exitCode = exitCodeOf(summary, status.failed);

  const finished = summary.outcome === 'finished' && status.done > 0;
  const source = finished
    ? fromStore(store, plan.name, await registriesWith(plan.plugins), new Date())
    : null;
  const written =
    source && options.report
      ? await writeReport(source, { out: join('reports', `${plan.name}.html`) })
      : null;
  if (options.json) {
    const failures = failureRows(store, plan.name).map(({ logTail: _, ...failure }) => failure);
    const { signalExitCode: _, ...told } = summary;
    console.log(JSON.stringify({ ...told, ...status, failures, report: written?.path ?? null }, null, 2));
    return;
  }
  if (summary.solved > 0) {
    const { solved, seconds, estimatedSeconds } = summary;
    const estimate = estimatedSeconds === null ? '' : ` (estimate: ${duration(estimatedSeconds)})`;
    console.log(`${solved} cells in ${duration(seconds)}${estimate}\n`);
  }
  if (summary.scored > 0) console.log(`${summary.scored} numbers of stored pictures computed\n`);
  if (source) console.log(terminalTable(source));
  for (const reason of summary.unscored) console.error(`not scored: ${reason}`);
  if (summary.unscored.length > 0) console.error(`to score again: tweedie score ${options.config}`);
  if (status.failed > 0) {
    const kinds = Object.entries(status.failures).map(([kind, n]) => `${n} ${kind}`);
    const again = `tweedie retry ${options.config}`;
    console.error(`${status.failed} cells failed (${kinds.join(', ')}); to run them again: ${again}`);
  }
  if (summary.outcome !== 'finished') {
    const { done, total } = status;
    if (summary.trouble !== null) console.error(summary.trouble);
    console.error(`${summary.outcome}: ${done} of ${total} cells are done; the same command goes on`);
  }
  if (written) console.log(`\n${written.path}`);
}

function exitCodeOf({ outcome, unscored, signalExitCode }: TimedSummary, failed: number): number {
  if (outcome === 'interrupted' && signalExitCode !== null) return signalExitCode;
  return outcome !== 'finished' || failed > 0 || unscored.length > 0 ? 1 : 0;
}
