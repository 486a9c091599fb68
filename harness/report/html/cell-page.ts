import { UserError } from '../../errors.ts';
import { drawsOf, namedByDraws } from '../../identity/mean-of-draws.ts';
import type { CellRow } from '../../store/cell-rows.ts';
import type { Named } from '../../store/rows.ts';
import type { Store } from '../../store/store.ts';
import { readStored } from '../../store/stored-file.ts';
import { html, type Markup } from '../../text/html.ts';
import type { Facts } from '../cell-facts.ts';
import { traceOf } from '../trace-model.ts';
import { staticPage } from './static-page.ts';
import { traceFigures } from './traces.ts';

/** The page of one cell: its pictures, its log, its steps, and all that `cellFacts` has of it. */
export function cellPage(store: Store, cell: CellRow, { methods, settings }: Named, facts: Facts): string {
  const { key, item, seed, message, logTail, truth, given, result } = cell;
  const { title, params } = methods.get(cell.method)!;
  const [method, setting] = [namedByDraws(title, drawsOf(params)), settings.get(cell.setting)!.title];
  const trace = traceOf(store.dir, key, { label: method, item, seed });
  return staticPage(
    `${method}, ${item}`,
    html`<header><div class="overline"><span>Tweedie report: one cell</span></div>
<h1>${method} on ${setting}: ${item}, seed ${seed}</h1></header>
<div class="shots">${[picture(store, 'truth', truth), picture(store, 'given', given), picture(store, 'result', result)]}</div>
${message === null ? null : html`<section><h2>Failure</h2><pre tabindex="0">${message}</pre></section>`}
${logTail === null || logTail === '' ? null : html`<section><h2>Log</h2><pre tabindex="0">${logTail}</pre></section>`}
${trace && traceFigures([trace], () => ({ method: 0 }))}
<section><h2>All that is known</h2>${list(facts)}</section>`,
  );
}

function picture({ dir }: Store, name: string, path: string | null): Markup | null {
  if (path === null) return null;
  try {
    const png = readStored(dir, path).toString('base64');
    return html`<figure><img class="pixels" alt="${name}" src="data:image/png;base64,${png}"><figcaption>${name}</figcaption></figure>`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return html`<p class="note">${error.message}</p>`;
  }
}

function list(facts: Facts): Markup {
  return html`<dl class="known">${Object.entries(facts).map(([name, value]) => html`<dt>${name}</dt><dd>${written(value)}</dd>`)}</dl>`;
}

function written(value: unknown): Markup | string {
  if (value === null || value === undefined) return '—';
  if (Array.isArray(value))
    return value.length === 0 ? '—' : html`<ul>${value.map((one) => html`<li>${written(one)}</li>`)}</ul>`;
  if (typeof value === 'object') return Object.keys(value).length === 0 ? '—' : list(value as Facts);
  return String(value);
}
