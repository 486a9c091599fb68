import { formatParam } from '../../identity/param-text.ts';
import { html, type Markup } from '../../text/html.ts';
import { type Column, columnKey, parseProtocol } from '../columns.ts';
import type { TableModel } from '../table-model.ts';

/** Every choice behind each metric: a number is comparable only with numbers of the same protocol. */
export function protocols(tables: readonly TableModel[]): Markup {
  const columns = new Map<string, Column>();
  for (const column of tables.flatMap((table) => table.columns)) columns.set(columnKey(column), column);
  return html`<div class="cards">${[...columns.values()].map(
    ({ title, unit, better, arrow, variant, version, fingerprint, protocol }) => html`
<section class="card"><h3>${title}${unit && html` <span class="unit">${unit}</span>`} <span class="unit">${arrow} ${better} is better</span></h3>
${variant && html`<p class="note">differs in ${variant}</p>`}
<dl><dt>fingerprint</dt><dd><code>${fingerprint}</code></dd><dt>version</dt><dd>${version}</dd>${Object.entries(parseProtocol(protocol)).map(([key, value]) => html`<dt>${key}</dt><dd>${formatParam(value)}</dd>`)}</dl></section>`,
  )}</div>`;
}
