import { formatParam } from '../../identity/param-text.ts';
import { html, type Markup } from '../../text/html.ts';
import type { TableModel } from '../table-model.ts';

/** Every parameter that each method ran with, the defaults included: what a configuration comes to with all that it extends. */
export function parameters(tables: readonly TableModel[], titles: ReadonlyMap<string, string>): Markup {
  return html`<div class="cards">${tables.map((table) => {
    const solvers = table.rows.filter(({ method }) => !method.trivial);
    return html`<section class="card"><h3>${titles.get(table.key)!}</h3><dl>${solvers.map(
      ({ method: { label, params } }) =>
        html`<dt>${label}</dt><dd>${Object.entries(params)
          .map(([key, value]) => `${key} ${formatParam(value)}`)
          .join(', ')}</dd>`,
    )}</dl></section>`;
  })}</div>`;
}
