import { groupBy } from '../group-by.ts';
import { listMethods, methodKey, taskKey } from '../methods.ts';
import { formatCount, formatSeconds } from '../numbers.ts';
import type { ReportSource } from '../source.ts';
import { html, type Markup } from './markup.ts';

const CALLS = [
  ['unetForward', 'U-Net forward'],
  ['unetBackward', 'U-Net backward'],
  ['decoder', 'decoder'],
  ['encoder', 'encoder'],
] as const;

/** Seconds and network evaluations per image, by task and method. */
export function costTable(
  { costs, solvers }: ReportSource,
  titles: ReadonlyMap<string, string>,
): Markup | null {
  if (costs.length === 0) return null;
  return html`<p class="note">Per restored image: wall time of its batch divided by the batch size, as measured on the devices listed under Runs, and evaluations of each network.</p>
<div class="scroll"><table class="results costs">
<thead><tr><th class="name" scope="col">Method</th><th scope="col">images</th><th scope="col">seconds / image</th>${CALLS.map(([, title]) => html`<th scope="col">${title}</th>`)}</tr></thead>
${[...groupBy(costs, taskKey)].map(([key, rows]) => {
  const methods = listMethods(rows, solvers);
  return html`<tbody><tr class="band"><th colspan="${3 + CALLS.length}" scope="rowgroup">${titles.get(key) ?? rows[0]!.task}</th></tr>${methods.map(
    (method) => {
      const row = rows.find(({ solver, params }) => methodKey(solver, params) === method.key)!;
      return html`<tr class="${method.trivial ? 'trivial' : ''}"><th class="name" scope="row">${method.label}</th><td>${formatCount(row.images)}</td><td>${formatSeconds(row.secondsPerImage)}</td>${CALLS.map(([call]) => html`<td>${row.calls[call] ? formatCount(row.calls[call]) : '—'}</td>`)}</tr>`;
    },
  )}</tbody>`;
})}
</table></div>`;
}
