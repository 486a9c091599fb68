import Table from 'cli-table3';
import type { Column } from '../report/columns.ts';
import { formatFixed, formatHalfWidth } from '../report/numbers.ts';
import type { Cell } from '../report/table-model.ts';
import { infiniteNote } from '../report/text-table.ts';
import { NAME, printable } from '../text/terminal.ts';
import type { Found } from '../tuning/best.ts';
import { label, parameterText } from './plan-summary.ts';

/** A row for each method and task: how many trials, the best one, and the method as it stood. */
export function tuningTable(found: readonly Found[], budget: number): string {
  const metric = found.flatMap(({ column }) => column ?? [])[0];
  const head = metric ? `${metric.title} ${metric.arrow}${metric.unit ? ` (${metric.unit})` : ''}` : 'metric';
  const table = new Table({
    head: ['task', 'method', 'trials', `passes of ${budget}`, 'best', head, 'as it stood'],
    style: { head: [], border: [] },
  });
  for (const { search, scores, best, column } of found) {
    const { task, solver, points, passes, parameters } = search;
    const params = best === null ? {} : points[best]!.params;
    table.push([
      label(task.task.name, task.params),
      printable(solver.name, NAME),
      points.length,
      passes,
      best === null ? '—' : parameterText(Object.fromEntries(parameters.map((key) => [key, params[key]]))),
      best === null ? '—' : number(scores[best]!, column),
      number(scores[0]!, column),
    ]);
  }
  return `${table.toString()}\nmean ± half the width of its 95 % interval; the first trial is the method as it stood`;
}

function number(cell: Cell | null, column: Column | null): string {
  if (cell === null || column === null) return '—';
  return formatFixed(cell.mean, column.digits) + infiniteNote(cell) + formatHalfWidth(cell, column.digits);
}
