import { html, type Markup } from '../../text/html.ts';
import type { Look } from '../charts/figure.ts';
import type { Looks } from '../charts/looks.ts';
import { marksOf, tieLegend } from '../legend.ts';
import { captionNotes, drawNotes } from '../notes.ts';
import { formatFixed, formatHalfWidth, formatInterval } from '../numbers.ts';
import { cellsIn, columnsIn, type PrintedRow, type PrintedTable, settingsOf } from '../printed-table.ts';
import type { Cell } from '../table-model.ts';
import { formatRowN, headingsAbove } from '../text-table.ts';
import { sectionHead } from './section-head.ts';
import { swatch } from './swatch.ts';

/** Columns that the page's text column has room for. */
const NARROW = 9;

/** Settings side by side, as a paper would print them. What the means alone do not say stands under the pointer. */
export function printedTable(table: PrintedTable, looks: Looks): Markup {
  const columns = columnsIn(table);
  const above = headingsAbove(table.blocks);
  const firsts = new Set(
    table.blocks.map((_, i) => columnsIn({ ...table, blocks: table.blocks.slice(0, i) }).length),
  );
  const first = (i: number) => (firsts.has(i) ? 'first' : '');
  const width = columns.length + (table.withPriors ? 2 : 1);
  return html`<div class="scroll${columns.length > NARROW ? ' wide' : ''}" tabindex="0"><table class="results overview">
<thead>
${above.map(
  (level, i) => html`<tr>${i === 0 ? named(table, above.length + 1) : null}${level.map(
    ({ heading, span }) => html`<th class="group" colspan="${span}" scope="colgroup">${heading}</th>`,
  )}</tr>
`,
)}<tr>${above.length === 0 ? named(table, 1) : null}${columns.map(
    ({ title, arrow, variant }, i) =>
      html`<th class="${first(i)}" scope="col">${title} ${arrow}${variant && html`<span class="variant">${variant}</span>`}</th>`,
  )}</tr>
</thead>
${table.sections.map(
  ({
    title,
    rows,
  }) => html`<tbody>${sectionHead(title, width)}${rows.map((row) => tableRow(row, looks(row.method.label), table, first))}</tbody>
`,
)}</table></div>
<p class="note">Means${table.withIntervals ? ' with half their 95 % intervals' : ''}; best <b>bold</b>, second-best <u>underlined</u>. N and the interval of each stand under the pointer. A † marks a mean over fewer images or seeds than its column's others: not ranked.${notesOf(table).map((note) => ` ${note}.`)}</p>
${table.footnotes.map((note) => html`<p class="note">${note}</p>`)}`;
}

function notesOf(table: PrintedTable): string[] {
  const settings = settingsOf([table]);
  return [...tieLegend(settings), ...captionNotes(settings), ...drawNotes(settings)];
}

function named({ withPriors }: PrintedTable, height: number): Markup {
  const cell = (name: string, of: string) =>
    html`<th class="${of}" rowspan="${height}" scope="col">${name}</th>`;
  return html`${cell('Method', 'name')}${withPriors ? cell('Prior', '') : null}`;
}

function tableRow(
  row: PrintedRow,
  look: Look,
  table: PrintedTable,
  first: (column: number) => string,
): Markup {
  const columns = columnsIn(table);
  const cells = cellsIn(row, table);
  return html`
<tr class="${row.method.trivial ? 'trivial' : ''}"><th class="name" scope="row">${swatch(look)}${row.label}</th>${table.withPriors ? html`<td>${row.method.prior ?? '—'}</td>` : null}${cells.map(
    (cell, i) => {
      if (!cell) return html`<td class="${first(i)}"><span class="none">—</span></td>`;
      const { digits } = columns[i]!;
      return html`<td class="mean ${cell.rank ?? ''} ${first(i)}" title="${detail(cell, digits)}"><span class="value">${formatFixed(cell.mean, digits)}</span>${marksOf(cell)}${table.withIntervals ? html`<span class="interval">${formatHalfWidth(cell, digits).trim()}</span>` : null}</td>`;
    },
  )}</tr>`;
}

function detail(cell: Cell, digits: number): string {
  return `N ${formatRowN([cell])}, 95 % interval ${formatInterval(cell.low, cell.high, digits)}`;
}
