import { UserError } from '../errors.ts';
import { requireReplaceable } from '../output-file.ts';
import type { Plan } from '../plan/plan.ts';
import { failedCells, fromStore } from '../report/from-store.ts';
import { formats, terminalTable, writeReport } from '../report/index.ts';
import { type ReportFile, reportFile } from '../report/report-file.ts';
import type { ReportSource } from '../report/source.ts';
import type { RunSummary } from '../scheduler/events.ts';
import { type ExperimentStatus, experimentStatus } from '../store/queries.ts';
import type { FailureKind } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { fileError } from '../system-errors.ts';
import { counted } from '../text/count.ts';
import { MESSAGE, printable } from '../text/terminal.ts';
import { few } from './check-pictures.ts';
import type { ExperimentOptions } from './experiment-options.ts';
import { duration } from './plan-summary.ts';
import { registriesWith } from './registries.ts';
import { asGiven, howToRunAgain } from './run-again.ts';
import { say, sayJson, warn } from './say.ts';

export interface TimedSummary extends RunSummary {
  /** Stored pictures that were lost while the run was at work: paths in the results folder. */
  readonly missing: readonly string[];
  /** null where nothing was known of a method's speed. */
  readonly estimatedSeconds: number | null;
  /** null where no signal has come. */
  readonly signalExitCode: number | null;
}

/** @throws UserError, before anything is computed, where the report of a run would replace something else */
export function requireRoomForReport({ name }: Plan, resultsDir: string): void {
  requireReplaceable(reportFile(name, resultsDir).path, formats.html.output);
}

/**
 * Says how a run ended: tables, report, failures, exit code.
 * @param tell is given the document, where that is asked for
 */
export async function conclude(
  options: ExperimentOptions,
  plan: Plan,
  store: Store,
  summary: TimedSummary,
  tell: (document: object) => void = (document) => sayJson(document, 2),
): Promise<void> {
  const status = experimentStatus(store, plan.name);
  process.exitCode = exitCodeOf(summary, status.failed);

  const finished = summary.outcome === 'finished' && status.done > 0;
  const source = finished
    ? fromStore(store, plan.name, await registriesWith(plan.plugins), new Date())
    : null;
  const written =
    source && options.report ? await writtenReport(source, reportFile(plan.name, store.dir)) : null;
  if (options.json) {
    const failures = toldFailures(store, plan);
    const { signalExitCode: _, ...told } = summary;
    tell({ ...told, ...status, failures, report: written?.path ?? null });
    return;
  }
  sayDone(summary);
  if (source) say(terminalTable(source));
  const config = asGiven(options);
  // The file alone may say nothing of it.
  const where = plan.executor.kind === 'slurm' ? ' --executor slurm' : '';
  warnOfTroubles(summary, status, {
    score: `tweedie score ${config}`,
    failed: howToRunAgain(config + where, Object.keys(status.failures) as FailureKind[]),
  });
  if (written) say(`\n${printable(written.path)}`);
}

/** The failed cells as programs read them: without their logs. */
export function toldFailures(store: Store, { name }: Plan) {
  return failedCells(store, name).map(({ logTail: _, ...failure }) => failure);
}

/** Of a report that is not replaced. */
export function otherFolders(report: string): string {
  return `${printable(report)} is the report of another results folder and stays: ours is beside it`;
}

/** How much was computed, where anything was. */
export function sayDone({ solved, seconds, estimatedSeconds, scored }: TimedSummary): void {
  if (solved > 0) {
    const estimate = estimatedSeconds === null ? '' : ` (estimate: ${duration(estimatedSeconds)})`;
    say(`${counted(solved, 'cell')} in ${duration(seconds)}${estimate}\n`);
  }
  if (scored > 0) say(`${counted(scored, 'number')} of stored pictures computed\n`);
}

/** What a run lacks, and the commands that make up for it. */
export function warnOfTroubles(
  summary: TimedSummary,
  status: ExperimentStatus,
  again: { readonly score: string /** A clause. */; readonly failed: string },
): void {
  for (const reason of summary.unscored) warn(`not scored: ${printable(reason, MESSAGE)}`);
  if (summary.unscored.length > 0) warn(`to score again: ${again.score}`);
  if (status.failed > 0) {
    const kinds = Object.entries(status.failures).map(([kind, n]) => `${n} ${kind}`);
    warn(`${counted(status.failed, 'cell')} failed (${kinds.join(', ')}); ${again.failed}`);
  }
  if (summary.missing.length > 0)
    warn(
      `missing or damaged since this run began: ${few(summary.missing)}; the same command makes them again`,
    );
  if (summary.outcome !== 'finished') {
    const { done, total } = status;
    if (summary.trouble !== null) warn(printable(summary.trouble, MESSAGE));
    // Numbers of whole sets come after the cells.
    const reached =
      done < total ? `${done} of ${total} cells are done` : 'all cells are done, not all numbers of them';
    warn(`${summary.outcome}: ${reached}; the same command goes on`);
  }
}

/** The report's path; null where it cannot be written, which is said and sets the exit code: the results are stored. */
async function writtenReport(
  source: ReportSource,
  { path: out, inTheWay }: ReportFile,
): Promise<{ path: string } | null> {
  if (inTheWay !== null) warn(otherFolders(inTheWay));
  try {
    return await writeReport(source, { out });
  } catch (error) {
    const known = error instanceof UserError ? error : fileError(error);
    if (!known) throw error;
    process.exitCode = 1;
    warn(printable(`no report: ${known.message}`));
    return null;
  }
}

export function exitCodeOf(
  { outcome, unscored, missing, signalExitCode }: TimedSummary,
  failed: number,
): number {
  if (outcome === 'interrupted' && signalExitCode !== null) return signalExitCode;
  return outcome !== 'finished' || failed > 0 || unscored.length > 0 || missing.length > 0 ? 1 : 0;
}
