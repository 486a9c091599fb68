import { groupBy } from '../../group-by.ts';
import { formatParams } from '../../identity/param-text.ts';
import { html, type Markup } from '../../text/html.ts';
import { nameWithParams } from '../methods.ts';
import { formatCount } from '../numbers.ts';
import type { ReportSource } from '../source.ts';
import { cellRef } from './cell-ref.ts';

const SHOWN = 50;

/** The end of what the cell's process printed, folded. */
function log(logTail: string): Markup | null {
  return logTail.trim() === ''
    ? null
    : html`<details><summary>log</summary><pre tabindex="0">${logTail}</pre></details>`;
}

/** Says how much of the plan the tables hold, and lists what failed: a partial table must not pass for a whole one. */
export function completeness({ cells, failures }: ReportSource, cellsAt: string | null): Markup {
  const { planned, done } = cells;
  if (done === planned)
    return html`<p class="state whole">All ${formatCount(planned)} planned cells have results.</p>`;
  const pending = planned - done - failures.length;
  const kinds = [...groupBy(failures, ({ kind }) => kind)]
    .map(([kind, rows]) => `${rows.length} ${kind}`)
    .join(', ');
  return html`<div class="state partial" role="alert"><p><strong>Partial results.</strong> So far ${formatCount(done)} of ${formatCount(planned)} planned cells have results; ${formatCount(failures.length)} failed${kinds && ` (${kinds})`}, ${formatCount(pending)} not yet run. Means with a † are over fewer images or seeds than the others of their column and are not ranked.</p>
${
  failures.length
    ? html`<details><summary>Failed cells</summary><div class="scroll" tabindex="0"><table class="results plain"><thead><tr><th class="name" scope="col">Solver</th><th scope="col">Parameters</th><th scope="col">Prior</th><th scope="col">Task</th><th scope="col">Image</th><th scope="col">Seed</th><th scope="col">Kind</th><th scope="col">Message</th><th scope="col">Cell</th></tr></thead>
<tbody>${failures
        .slice(0, SHOWN)
        .map(
          ({ cell, solver, params, prior, task, taskParams, item, seed, kind, message, logTail }) =>
            html`<tr><th class="name" scope="row">${solver}</th><td class="message">${formatParams(params)}</td><td>${prior ?? '—'}</td><td>${nameWithParams(task, taskParams)}</td><td>${item}</td><td>${seed}</td><td>${kind}</td><td class="message">${message}${log(logTail)}</td><td>${cellRef(cell, cellsAt)}</td></tr>`,
        )}</tbody></table></div>${failures.length > SHOWN ? html`<p>and ${failures.length - SHOWN} more: see <code>tweedie status</code></p>` : null}</details>`
    : null
}</div>`;
}
