import { html, type Markup } from '../../text/html.ts';
import type { Looks } from '../charts/looks.ts';
import { formatCount, formatSeconds } from '../numbers.ts';
import type { CostRow, ReportSource } from '../source.ts';
import type { TableModel } from '../table-model.ts';
import { swatch } from './swatch.ts';

/** Counters of a solution; those that are not here are not shown. */
const CALLS = [
  ['unetForward', 'U-Net forward'],
  ['unetBackward', 'U-Net backward'],
  ['decoder', 'decoder'],
  ['encoder', 'encoder'],
  ['peakMemoryMiB', 'peak MiB'],
] as const;

/** Seconds and network evaluations per image, by task and method. */
export function costTable(
  { costs }: ReportSource,
  tables: readonly TableModel[],
  titles: ReadonlyMap<string, string>,
  looks: Looks,
): Markup | null {
  if (costs.length === 0) return null;
  const head = ['images', 'seconds / image', ...CALLS.map(([, title]) => title)];
  return html`<p class="note">Means per restored image: wall time of its batch divided by the batch size, on the devices listed under Runs, evaluations of each network, and the peak of the worker process's resident memory (2<sup>20</sup> bytes; a graphics card's own is not in it).</p>
<div class="scroll" tabindex="0"><table class="results costs">
<thead><tr><th class="name" scope="col">Method</th>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
${tables.map((table) => {
  const ofTask = costs.filter(({ setting }) => setting === table.key);
  return html`<tbody><tr class="band"><th colspan="${1 + head.length}" scope="rowgroup">${titles.get(table.key)!}</th></tr>${table.rows.map(
    ({ method }) => {
      const row = ofTask.find((cost) => cost.method === method.key);
      return html`
<tr class="${method.trivial ? 'trivial' : ''}"><th class="name" scope="row">${swatch(looks(method.label))}${method.label}</th>${costCells(row)}</tr>`;
    },
  )}</tbody>`;
})}
</table></div>`;
}

function costCells(row: CostRow | undefined): Markup[] {
  if (!row) return [html`<td colspan="${2 + CALLS.length}"><span class="none">not measured</span></td>`];
  const calls = CALLS.map(([name]) => (row.calls[name] ? formatCount(row.calls[name]) : '—'));
  const cells = [formatCount(row.images), formatSeconds(row.secondsPerImage), ...calls];
  return cells.map((text) => html`<td>${text}</td>`);
}
