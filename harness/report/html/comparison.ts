import { html, type Markup } from '../../text/html.ts';
import type { Look } from '../charts/figure.ts';
import type { Looks } from '../charts/looks.ts';
import type { Column } from '../columns.ts';
import { formatCount, formatFixed, formatInterval, formatP, formatSigned } from '../numbers.ts';
import { sectionsOf } from '../sections.ts';
import type { Cell, Difference, TableModel, TableRow } from '../table-model.ts';
import { formatRowN, infiniteNote } from '../text-table.ts';
import { sectionHead } from './section-head.ts';
import { swatch } from './swatch.ts';

/** Columns of numbers that the page's text column has room for. */
const NARROW = 4;

/** The comparison table of one task: a metric's mean and, beside it, the paired difference to the reference. */
export function comparisonTable({ columns, rows, reference, priors }: TableModel, looks: Looks): Markup {
  const span = reference ? 2 : 1;
  const several = priors.length > 1;
  return html`<div class="scroll${span * columns.length > NARROW ? ' wide' : ''}" tabindex="0"><table class="results">
<thead>
<tr><th class="name" rowspan="2" scope="col">Method</th>${several ? html`<th rowspan="2" scope="col">Prior</th>` : null}<th rowspan="2" scope="col">N</th>${columns.map(
    ({ title, unit, arrow, better, variant }) =>
      html`<th class="group" colspan="${span}" scope="colgroup">${title}${unit && html`<span class="unit"> ${unit}</span>`} <abbr title="${better} is better">${arrow}</abbr>${variant && html`<span class="variant">${variant}</span>`}</th>`,
  )}</tr>
<tr>${columns.map(({ ofSets }) => [
    html`<th class="sub" scope="col">${ofSets ? 'of the set' : 'mean'}</th>`,
    reference && html`<th class="sub" scope="col">Δ ${reference.label}</th>`,
  ])}</tr>
</thead>
${sectionsOf(rows).map(
  ({ title, rows }) => html`<tbody>${sectionHead(title, (several ? 3 : 2) + span * columns.length)}${rows.map(
    (row) => tableRow(row, looks(row.method.label), columns, reference !== null, several),
  )}</tbody>
`,
)}</table></div>`;
}

function tableRow(
  { method, isReference, cells }: TableRow,
  look: Look,
  columns: TableModel['columns'],
  compare: boolean,
  several: boolean,
): Markup {
  return html`
<tr class="${method.trivial ? 'trivial' : ''}"><th class="name" scope="row">${swatch(look)}${method.label}</th>${several ? html`<td>${method.prior ?? '—'}</td>` : null}<td class="n">${formatRowN(cells)}</td>${cells.map(
    (cell, i) => [
      meanCell(cell, columns[i]!),
      compare ? differenceCell(cell?.difference ?? null, columns[i]!, isReference) : null,
    ],
  )}</tr>`;
}

function meanCell(cell: Cell | null, { digits, ofSets }: Column): Markup {
  if (!cell) return html`<td class="mean"><span class="none">no result</span></td>`;
  const { mean, low, high, rank, complete, tied, standardError } = cell;
  const error = standardError === null ? null : `SE ${formatFixed(standardError, digits)}`;
  const left = infiniteNote(cell).trim();
  const spread = [
    ...(left ? [left] : []),
    ...(ofSets ? [] : [formatInterval(low, high, digits)]),
    ...(error ? [error] : []),
  ];
  return html`<td class="mean ${rank ?? ''}"><span class="value">${formatFixed(mean, digits)}</span>${complete ? null : html`<abbr class="dagger" title="fewer images or seeds than other rows: not ranked">†</abbr>`}${tied ? html`<abbr class="tied" title="not separated from the best of its column: paired by image, Holm's p of 0.05 or more">≈</abbr>` : null}${spread.map((text) => html`<span class="interval">${text}</span>`)}</td>`;
}

function differenceCell(
  difference: Difference | null,
  { digits, ofSets }: Column,
  isReference: boolean,
): Markup {
  if (isReference) return html`<td class="delta"><span class="none">reference</span></td>`;
  if (!difference) return html`<td class="delta"><span class="none">—</span></td>`;
  const { mean, low, high, p, verdict, picturesNeeded } = difference;
  const power =
    picturesNeeded === null
      ? null
      : html` title="a difference like this one would show, four times in five, with ${formatCount(picturesNeeded)} pictures"`;
  return html`<td class="delta ${verdict}"${power}><span class="value">${formatSigned(mean, digits)}</span><span class="interval">${formatInterval(low, high, digits, formatSigned)}${ofSets ? null : html` <span class="p">${formatP(p)}</span>`}</span></td>`;
}
