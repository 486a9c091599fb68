import { html, type Markup } from '../../text/html.ts';
import { formatFixed } from '../numbers.ts';
import type { TableModel } from '../table-model.ts';
import { captionNotes } from '../text-table.ts';

/** Columns that the page's text column has room for. */
const NARROW = 9;

const TRIVIAL = 'Trivial baseline';

/** All tasks side by side, means only: the table a paper would print. */
export function overview(tables: readonly TableModel[], titles: ReadonlyMap<string, string>): Markup {
  const labels = [...new Set(tables.flatMap(({ rows }) => rows.map(rowLabel)))];
  const count = tables.reduce((sum, { columns }) => sum + columns.length, 0);
  return html`<div class="scroll${count > NARROW ? ' wide' : ''}"><table class="results overview">
<thead>
<tr><th class="name" rowspan="2" scope="col">Method</th>${tables.map(
    ({ key, columns }) =>
      html`<th class="group" colspan="${columns.length}" scope="colgroup">${titles.get(key)!}</th>`,
  )}</tr>
<tr>${tables.map(({ columns }) =>
    columns.map(
      ({ title, arrow, variant }, i) =>
        html`<th class="${i === 0 ? 'first' : ''}" scope="col">${title} ${arrow}${variant && html`<span class="variant">${variant}</span>`}</th>`,
    ),
  )}</tr>
</thead>
<tbody>${labels.map(
    (label) => html`
<tr class="${label === TRIVIAL ? 'trivial' : ''}"><th class="name" scope="row">${label}</th>${tables.map((table) => taskCells(table, label))}</tr>`,
  )}</tbody>
</table></div>
<p class="note">Means; best <b>bold</b>, second-best <u>underlined</u>. Intervals, N and paired differences stand in the table of each task. A † marks a mean over fewer images or seeds than its column's others: not ranked.${captionNotes(tables).map((note) => ` ${note}.`)}</p>`;
}

function taskCells({ rows, columns }: TableModel, label: string): Markup[] {
  const row = rows.find((candidate) => rowLabel(candidate) === label);
  return columns.map(({ digits }, i) => {
    const cell = row?.cells[i];
    if (!cell) return html`<td class="${i === 0 ? 'first' : ''}"><span class="none">—</span></td>`;
    return html`<td class="mean ${cell.rank ?? ''}${i === 0 ? ' first' : ''}"><span class="value">${formatFixed(cell.mean, digits)}</span>${cell.complete ? null : '†'}</td>`;
  });
}

/** Each task has a trivial baseline of its own; they share a row. */
function rowLabel({ method }: TableModel['rows'][number]): string {
  return method.trivial ? TRIVIAL : method.label;
}
