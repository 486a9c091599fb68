import { html, type Markup } from '../../text/html.ts';
import type { Charts } from '../charts/build.ts';
import { type Drawing, drawChart } from '../charts/draw.ts';
import type { Figure } from '../charts/figure.ts';
import { dataCsv, dataOf } from '../charts/figure-data.ts';
import { fileName } from '../charts/file-name.ts';
import { formatValue, type Layout, layOut } from '../charts/layout.ts';
import { missingChart } from '../charts/missing.ts';

/**
 * Each chart drawn for the light and the dark page; the style shows the one that fits, and the page's script puts a live
 * one in its place. One that cannot be drawn (the canvas is a native library) is missing, and no reason to lose the tables.
 */
export function chartRow({ figures, missing }: Charts): Markup {
  const notes = missing.map((ref) => `Not drawn: ${missingChart(ref)}.`);
  return html`<div class="charts">${figures.map(chart)}</div>${notes.map((note) => html`<p class="note">${note}</p>`)}`;
}

function chart(figure: Figure): Markup {
  const layout = layOut(figure);
  const says = describe(figure);
  return html`
<figure class="chart"><div class="plot" data-layout="${JSON.stringify(layout)}" data-says="${says}">${pictures(layout, says)}</div>
<figcaption>${figure.caption}${layout.note && ` ${layout.note}`}</figcaption>${data(figure)}</figure>`;
}

function pictures(layout: Layout, alt: string): Markup {
  try {
    const light = drawChart(layout, 'light');
    const dark = drawChart(layout, 'dark');
    return html`${picture(light, 'on-light', alt)}${picture(dark, 'on-dark', alt)}`;
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    return html`<p class="note">This chart could not be drawn: ${reason!}. Its numbers: ${alt}.</p>`;
  }
}

function picture({ png, width, height }: Drawing, className: string, alt: string): Markup {
  return html`<img class="${className}" width="${width}" height="${height}" alt="${alt}" src="data:image/png;base64,${png.toString('base64')}">`;
}

/** More rows than anybody reads beside a chart; the file has all. */
const ROWS = 200;

/** The numbers as a table, for a keyboard and for those who cannot see the chart, and as a file. */
function data(figure: Figure): Markup {
  const { head, rows } = dataOf(figure);
  const file = `data:text/csv;charset=utf-8,${encodeURIComponent(dataCsv(figure))}`;
  const left = rows.length > ROWS ? ` (the first ${ROWS} of ${rows.length} rows)` : '';
  return html`
<details><summary>Numbers${left}</summary><div class="scroll" tabindex="0"><table class="numbers results"><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.slice(0, ROWS).map((row) => html`<tr>${row.map((value) => html`<td>${typeof value === 'number' ? formatValue(value, null) : value}</td>`)}</tr>`)}</tbody></table></div>
<a download="${fileName(figure)}.csv" href="${file}">CSV</a></details>`;
}

/** The numbers of a chart in words, for those who cannot see it. */
function describe({ series, x, y }: Figure): string {
  const told = (axis: Figure['x'], value: number) =>
    axis.categories?.[value] ?? formatValue(value, axis.digits);
  if (y.categories)
    return series
      .flatMap(({ label, points }) => points.map((point) => `${label}: ${told(x, point.x)}`))
      .join('; ');
  return series
    .filter(({ isGuide }) => !isGuide)
    .map(
      ({ label, points }) =>
        `${label}: ${points.map((point) => `${told(y, point.y)} at ${told(x, point.x)}`).join(', ')}`,
    )
    .join('; ');
}
