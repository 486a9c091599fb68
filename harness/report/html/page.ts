import { createHash } from 'node:crypto';
import { formatParam } from '../../identity/param-text.ts';
import { html, type Markup, trusted } from '../../text/html.ts';
import { buildCharts } from '../charts/build.ts';
import { chartContext } from '../charts/context.ts';
import { type Looks, looksOf } from '../charts/looks.ts';
import { fontFaces } from '../fonts.ts';
import { buildGallery } from '../gallery-model.ts';
import { withLabelColours } from '../label-map.ts';
import { drawsOfRows, tieLegend } from '../legend.ts';
import { comparabilityNotes, pictureNotes, TOY_METRICS, toyMetricTitles } from '../notes.ts';
import { overviews, type PrintedTable, printedTables } from '../printed-table.ts';
import { PUBLISHED } from '../published-text.ts';
import { RESULTS_MARK, resultsMark } from '../report-file.ts';
import type { ReportSource } from '../source.ts';
import { buildTables, type TableModel } from '../table-model.ts';
import { taskTitles } from '../titles.ts';
import { CELLS_AT } from './cell-ref.ts';
import { chartScript } from './chart-script.ts';
import { chartRow } from './charts.ts';
import { comparisonTable } from './comparison.ts';
import { costTable } from './costs.ts';
import { gallery } from './gallery.ts';
import { header } from './header.ts';
import { orderScript } from './order.ts';
import { parameters } from './parameters.ts';
import { printedTable } from './printed.ts';
import { protocols } from './protocols.ts';
import { provenance } from './provenance.ts';
import { publishedSection } from './published.ts';
import { style } from './style.ts';
import { traceFigures } from './traces.ts';
import { viewerDialog, viewerScript } from './viewer.ts';

const scripts = [viewerScript, orderScript, chartScript];

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

/**
 * The whole report as one HTML file that needs nothing else: pictures, charts, style and script are inside.
 * @param cellsAt address of a cell's page, with `*` for its key; null: cells have none
 */
export async function renderPage(source: ReportSource, cellsAt: string | null = null): Promise<string> {
  const tables = buildTables(source);
  const titles = taskTitles(tables);
  const looks = looksOf(tables);
  const sections: Section[] = [];
  if (source.tables.length > 0)
    sections.push({ id: 'tables', title: 'Tables', body: titledTables(printedTables(source), looks) });
  else if (tables.length > 1)
    sections.push({ id: 'overview', title: 'Overview', body: overview(source, looks) });
  for (const [i, table] of tables.entries()) {
    sections.push({
      id: `task-${i + 1}`,
      title: titles.get(table.key)!,
      body: await taskBody(table, source, looks),
    });
  }
  const published = publishedSection(source, titles);
  if (published) sections.push({ id: 'published', title: PUBLISHED, body: published });
  const costs = costTable(source, tables, titles, looks);
  if (costs) sections.push({ id: 'cost', title: 'Cost', body: costs });
  sections.push({ id: 'protocols', title: 'Metric protocols', body: protocols(tables) });
  sections.push({ id: 'runs', title: 'Runs', body: provenance(source) });
  sections.push({ id: 'parameters', title: 'Parameters', body: parameters(tables, titles) });
  sections.push({ id: 'config', title: 'Configuration', body: configuration(source) });
  return `<!doctype html>\n${page(source, sections, cellsAt).text}\n`;
}

function page(source: ReportSource, sections: readonly Section[], cellsAt: string | null): Markup {
  // Nothing may be fetched, and no script but the page's own may run, whatever a name in a config holds.
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  const policy = `default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src ${hashes.join(' ')}`;
  return html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="${RESULTS_MARK}" content="${resultsMark(source.resultsDir)}">
${
  cellsAt === null
    ? null
    : html`<meta name="${CELLS_AT}" content="${cellsAt}">
`
}<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${source.experiment} · Tweedie report</title>
<style>${trusted(fontFaces() + style)}</style>
</head>
<body>
<main>
${header(source, sections, cellsAt)}
${sections.map(
  ({ id, title, body }) => html`<section id="${id}"><h2>${title}</h2>
${body}</section>
`,
)}
</main>
${viewerDialog}
${scripts.map((script) => html`<script>${trusted(script)}</script>`)}
</body>
</html>`;
}

function overview(source: ReportSource, looks: Looks): Markup {
  const [first, ...others] = overviews(source);
  return others.length === 0 ? printedTable(first!, looks) : titledTables([first!, ...others], looks);
}

function titledTables(printed: readonly PrintedTable[], looks: Looks): Markup {
  return html`${printed.map(
    (table) => html`<h3>${table.title}</h3>
${printedTable(table, looks)}
`,
  )}`;
}

async function taskBody(table: TableModel, source: ReportSource, looks: Looks): Promise<Markup> {
  const stored = await buildGallery(table, source);
  const pictures = stored && (await withLabelColours(stored));
  const params = Object.entries(table.taskParams);
  const charts = chartContext(table, source, looks);
  const reference = table.reference
    ? ` Δ is the paired difference to ${table.reference.label}, by image, with its 95 % interval and the two-sided Wilcoxon signed-rank p; coloured where the interval leaves out zero and p < 0.05; else it says, under the pointer, how many pictures would show one like it (normal approximation, 80 % power).`
    : '';
  return html`<p class="params"><span>data <b>${table.dataset}</b></span>${params.map(([key, value]) => html`<span>${key} <b>${formatParam(value)}</b></span>`)}</p>
${comparisonTable(table, looks)}
<p class="note">Mean with its 95 % interval, from resampling images with all their seeds. N: images × seeds; ${drawsOfRows([table])}. Best <b>bold</b>, second-best <u>underlined</u>, the trivial baseline included, at the precision shown.${reference}${setNote(table)}</p>
${chartRow(buildCharts(charts, source.charts))}
${pictures && gallery(pictures)}
${traceFigures(charts.traces(), looks)}`;
}

/** What the numbers of whole sets are, and what speaks against them. */
function setNote(table: TableModel): string {
  const toys = toyMetricTitles([table]);
  const notes = [...table.warnings, ...pictureNotes([table]), ...comparabilityNotes([table])];
  return [
    ...tieLegend([table]).map((what) => ` ${what}.`),
    ...(table.columns.some(({ ofSets }) => ofSets)
      ? [' Of a whole set: the number with its standard error (SE) by a delete-block jackknife over images.']
      : []),
    ...(toys.length ? [` ${toys.join(', ')}: ${TOY_METRICS}.`] : []),
    ...(notes.length ? [` Note: ${notes.join('; ')}.`] : []),
  ].join('');
}

function configuration({ config }: ReportSource): Markup {
  return html`<p class="note">${config.path}</p><pre tabindex="0">${config.text}</pre>`;
}
