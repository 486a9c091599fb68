import { html, type Markup } from '../../text/html.ts';
import { buildPublished, type PublishedTable } from '../published-model.ts';
import { cellsOf, PUBLISHED_HEAD, publishedText } from '../published-text.ts';
import type { ReportSource } from '../source.ts';

/** The published figures of every setting beside ours; null where the experiment names no papers. */
export function publishedSection(source: ReportSource, titles: ReadonlyMap<string, string>): Markup | null {
  const { tables, notes } = buildPublished(source);
  if (tables.length + notes.length === 0) return null;
  return html`<p class="note">Figures as printed; <b>second-hand</b>: not read in the text that they come from; <b>another's method</b>: that paper's own run, or quotation, of it. Two numbers of one name are of one thing only where the note has nothing that differs.</p>
${notes.map((note) => html`<p class="note">${note}.</p>`)}
${tables.map((table) => html`<h3>${table.of ? titles.get(table.of.key)! : table.title}</h3>${tableOf(table)}`)}`;
}

function tableOf(table: PublishedTable): Markup {
  const { rows, footnotes } = publishedText(table);
  return html`<div class="scroll wide" tabindex="0"><table class="results published">
<thead><tr>${Object.values(PUBLISHED_HEAD).map((title, i) => html`<th${i === 0 ? html` class="name"` : null} scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map((row) => {
    const [method, ...cells] = cellsOf(row);
    return html`
<tr><th class="name" scope="row">${method!}</th>${cells.map((text) => html`<td>${text}</td>`)}</tr>`;
  })}</tbody>
</table></div>
<ol class="note">${footnotes.map((text) => html`<li>${text}</li>`)}</ol>`;
}
