import { html, type Markup } from '../../text/html.ts';
import { metricTitle } from '../charts/axes.ts';
import type { ChartModel } from '../charts/chart-model.ts';
import { type Drawing, drawChart } from '../charts/draw.ts';
import { formatFixed } from '../numbers.ts';

/**
 * Each chart drawn for the light and the dark page; the style shows the one that fits. One that cannot be drawn (the
 * canvas is a native library) is missing, and no reason to lose the tables.
 */
export function chartRow(charts: readonly ChartModel[]): Markup {
  return html`<div class="charts">${charts.map(figure)}</div>`;
}

function figure(chart: ChartModel): Markup {
  return html`
<figure class="chart">${pictures(chart)}
<figcaption>${caption(chart)}</figcaption></figure>`;
}

function pictures(chart: ChartModel): Markup {
  try {
    const light = drawChart(chart, 'light');
    const dark = drawChart(chart, 'dark');
    const alt = describe(chart);
    return html`${picture(light, 'on-light', alt)}${picture(dark, 'on-dark', alt)}`;
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    return html`<p class="note">This chart could not be drawn: ${reason!}. Its numbers: ${describe(chart)}.</p>`;
  }
}

function picture({ png, width, height }: Drawing, className: string, alt: string): Markup {
  return html`<img class="${className}" width="${width}" height="${height}" alt="${alt}" src="data:image/png;base64,${png.toString('base64')}">`;
}

function caption(chart: ChartModel): string {
  const metric = metricTitle(chart.column);
  if (chart.kind === 'dots') {
    return chart.column.ofSets
      ? `${metric}: each method's number of the whole set; bars are 1.96 standard errors.`
      : `${metric}: mean and 95 % interval of each method.`;
  }
  const levels = chart.levels.length ? ' Dashed: the other solvers.' : '';
  return `${metric} over ${chart.param}; bars are 95 % intervals.${levels}`;
}

/** The numbers of a chart in words, for those who cannot see it. */
function describe(chart: ChartModel): string {
  const value = (mean: number) => formatFixed(mean, chart.column.digits);
  if (chart.kind === 'dots')
    return chart.dots.map(({ label, mean }) => `${label}: ${value(mean)}`).join('; ');
  return chart.series
    .map(
      ({ label, points }) => `${label}: ${points.map(({ x, mean }) => `${value(mean)} at ${x}`).join(', ')}`,
    )
    .join('; ');
}
