import Table from 'cli-table3';
import type { OutputKind } from '../../output-file.ts';
import { html } from '../../text/html.ts';
import { markdownText } from '../../text/markdown.ts';
import { MESSAGE, printable } from '../../text/terminal.ts';
import { staticPage } from '../html/static-page.ts';
import { formats } from '../index.ts';
import type { Comparison } from './comparison.ts';
import { COMPARED, changedSettings, changeLines, comparedTable, lonelySettings } from './text.ts';

/** How a comparison can be written to a file, by name of the format. */
export const comparisonFormats = {
  html: {
    extension: 'html',
    render: comparisonPage,
    output: formats.html.output,
  },
  markdown: {
    extension: 'md',
    render: comparisonMarkdown,
    output: { name: 'a Markdown comparison', begins: /^## .+ -> .+\n\n/ },
  },
} as const satisfies Record<
  string,
  { extension: string; output: OutputKind; render(comparison: Comparison): string }
>;

/** For a terminal. */
export function comparisonText(comparison: Comparison): string {
  const shown = (text: string) => printable(text, MESSAGE);
  const { first, second } = comparison;
  const { changed, alike } = changedSettings(comparison, shown);
  const tables = changed.map((setting) => {
    const { title, head, rows, notes } = comparedTable(setting, comparison, shown);
    const table = new Table({
      head: [...head],
      style: { head: [], border: [] },
      colAligns: head.map((_, i) => (i < 2 ? 'left' : 'right')),
    });
    table.push(...rows.map((cells) => [...cells]));
    return [title, table.toString(), ...notes].join('\n');
  });
  return [
    [`${first} -> ${second}`, ...changeLines(comparison, shown).map((line) => `  ${line}`)].join('\n'),
    ...tables,
    ...alike,
    ...lonelySettings(comparison, shown),
    COMPARED,
  ].join('\n\n');
}

function comparisonMarkdown(comparison: Comparison): string {
  const { changed, alike } = changedSettings(comparison, markdownText);
  const tables = changed.map((setting) => {
    const { title, head, rows, notes } = comparedTable(setting, comparison, markdownText);
    const rule = head.map((_, i) => (i < 2 ? ':--' : '--:'));
    const lines = [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
    return [`### ${title}`, lines, ...notes].join('\n\n');
  });
  return `${[
    `## ${markdownText(comparison.first)} -> ${markdownText(comparison.second)}`,
    changeLines(comparison, markdownText)
      .map((line) => `- ${line}`)
      .join('\n'),
    ...tables,
    ...alike,
    ...lonelySettings(comparison, markdownText),
    `${markdownText(COMPARED)}.`,
  ].join('\n\n')}\n`;
}

function comparisonPage(comparison: Comparison): string {
  const asIs = (text: string) => text;
  const { first, second } = comparison;
  const { changed, alike } = changedSettings(comparison, asIs);
  return staticPage(
    `${first} → ${second}`,
    html`<header><div class="overline"><span>Tweedie report: two compared</span></div>
<h1>${first} → ${second}</h1></header>
<section id="changes"><h2>Changes of the file</h2><ul>${changeLines(comparison, asIs).map((line) => html`<li><code>${line}</code></li>`)}</ul></section>
${changed.map((setting) => {
  const { title, head, rows, notes } = comparedTable(setting, comparison, asIs);
  return html`<section><h2>${title}</h2>
<div class="scroll" tabindex="0"><table class="results"><thead><tr>${head.map((name, i) => html`<th scope="col"${i === 0 ? html` class="name"` : null}>${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([name, ...cells]) => html`
<tr><th class="name" scope="row">${name!}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table></div>
${notes.map((note) => html`<p class="note">${note}.</p>`)}</section>
`;
})}
${[...alike, ...lonelySettings(comparison, asIs)].map((line) => html`<p class="note">${line}.</p>`)}
<p class="note">${COMPARED}.</p>`,
  );
}
