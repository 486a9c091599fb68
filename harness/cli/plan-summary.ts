import Table from 'cli-table3';
import type { z } from 'zod';
import { grouped } from '../config/limits.ts';
import { groupBy } from '../group-by.ts';
import { formatParam } from '../identity/param-text.ts';
import type { MethodRef, Params } from '../identity/refs.ts';
import type { MeasuredRun } from '../plan/estimate.ts';
import { cellKeys, type Plan, partsByRow, priorAmong, seedsOf } from '../plan/plan.ts';
import { outputTerminal } from '../report/index.ts';
import type { Terminal } from '../report/terminal-table.ts';
import type { Solver } from '../solvers/solver.ts';
import type { CellStatus } from '../store/records.ts';
import { counted } from '../text/count.ts';
import { MESSAGE, NAME, printable } from '../text/terminal.ts';
import { wrapped } from '../text/wrap.ts';

/** What is known of the cells by their keys; one that is not there has never run. */
export type CellStates = ReadonlyMap<string, CellStatus>;

/**
 * `prompt-tuning-steps  120 cells: 48 cached, 2 failed earlier, 70 to do, ~11 min on cpu x2`, behind the plan's notes, which are broken at
 * spaces to fit `columns`: by default those of this process's terminal.
 */
export function summarise(
  plan: Plan,
  states: CellStates,
  seconds: number | null,
  { columns }: Pick<Terminal, 'columns'> = outputTerminal(),
): string {
  const keys = cellKeys(plan);
  const counts = { done: 0, failed: 0, todo: 0 };
  for (const key of keys) counts[states.get(key) ?? 'todo']++;
  const { done: cached, failed, todo } = counts;
  const devices = plan.devices.map(({ device, slots }) => `${device} x${slots}`).join(', ');
  const parts = [
    `${cached} cached`,
    ...(failed > 0 ? [`${failed} failed earlier`] : []),
    `${todo} to do`,
    ...(todo > 0
      ? [
          `${seconds === null ? 'time unknown until an image is done' : `~${duration(seconds)}`} on ${devices}`,
        ]
      : []),
  ];
  const notes = [
    ...plan.notes.map((note) => `note: ${printable(note, MESSAGE)}`),
    ...skippedLines(plan).map((line) => `skipped: ${line}`),
  ].map((note) => `${wrapped(note, columns)}\n`);
  return `${notes.join('')}${plan.name}  ${counted(keys.length, 'cell')}: ${parts.join(', ')}`;
}

/** `ddnm (adm) on gaussian-deblurring: reason`, once for all settings of their parameters. */
function skippedLines({ skipped, report }: Plan): string[] {
  const lines = skipped.map(
    ({ method, setting, reason }) =>
      `${methodName(method, report.priors)} on ${setting.task}: ${printable(reason, MESSAGE)}`,
  );
  return [...new Set(lines)];
}

/** More than a person reads; cli-table3 takes time as the square of them. */
const MOST_ROWS = 50;

/** ` (the last run with these results was estimated at 9 min and took 12 min)`; nothing where no run was estimated. */
export function hindsight(run: Pick<MeasuredRun, 'estimatedSeconds' | 'seconds'> | null): string {
  if (run === null || run.estimatedSeconds === null) return '';
  const [estimated, took] = [run.estimatedSeconds, run.seconds].map(duration);
  return ` (the last run with these results was estimated at ${estimated} and took ${took})`;
}

/**
 * One row for each task and method of the plan, the first 50 of them, naming the parameters that are not at the solver's default.
 * A batch that several rows share is counted in each, and said to be shared.
 */
export function summaryTable(
  plan: Plan,
  states: CellStates,
  solvers: ReadonlyMap<string, Pick<Solver, 'params'>>,
): string {
  const table = new Table({
    head: ['task', 'method', 'parameters (others: default)', 'images', 'seeds', 'batches', 'cells', 'cached'],
    style: { head: [], border: [] },
  });
  const rows = partsByRow(plan);
  const parts = groupBy(rows.flat(), ({ key }) => key);
  for (const batches of rows.slice(0, MOST_ROWS)) {
    const { method, setting } = batches[0]!;
    const keys = cellKeys({ batches });
    const shared = batches.filter(({ key }) => parts.get(key)!.length > 1).length;
    table.push([
      label(setting.task, setting.params),
      methodName(method, plan.report.priors),
      parameterText(withoutDefaults(method.params, solvers.get(method.name)?.params)),
      new Set(batches.flatMap(({ items }) => items.map(({ id }) => id))).size,
      seedsOf(batches.flatMap(({ items }) => items)).length,
      shared > 0 ? `${batches.length} (${shared} shared)` : batches.length,
      keys.length,
      keys.filter((key) => states.get(key) === 'done').length,
    ]);
  }
  const more = rows.length - MOST_ROWS;
  return more > 0
    ? `${table.toString()}\n... and ${grouped(more)} more ${more === 1 ? 'row' : 'rows'}; --json has all`
    : table.toString();
}

/** `45 s`, `5 min`, `2.5 h`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** `bicubic (baseline)`; `dps (adm)` where the experiment has several priors. */
function methodName(method: MethodRef, priors: Plan['report']['priors']): string {
  const { name, kind } = method;
  if (kind === 'baseline') return `${printable(name, NAME)} (baseline)`;
  const prior = priorAmong(method, priors);
  return printable(prior === null ? name : `${name} (${prior})`, NAME);
}

function withoutDefaults(params: Params, schema: z.ZodObject | undefined): Params {
  const defaults = new Map(Object.entries(schema?.safeParse({}).data ?? {}));
  return Object.fromEntries(
    Object.entries(params).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(defaults.get(key)),
    ),
  );
}

/** A name with its parameters below it. */
export function label(name: string, params: Params): string {
  const text = parameterText(params);
  return text ? `${name}\n${text}` : name;
}

/** Parameters in lines of a table's width. */
export function parameterText(params: Params): string {
  const parts = Object.entries(params).map(([key, value]) => printable(`${key} ${formatParam(value)}`, NAME));
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length < 40) lines[lines.length - 1] = `${last}, ${part}`;
    else lines.push(part);
  }
  return lines.join('\n');
}
