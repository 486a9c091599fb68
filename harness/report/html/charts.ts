import { html, type Markup } from '../../text/html.ts';
import { metricTitle } from '../charts/axes.ts';
import type { ChartModel } from '../charts/chart-model.ts';
import { drawChart } from '../charts/draw.ts';
import { formatFixed } from '../numbers.ts';

/** Each chart drawn for the light and the dark page; the style shows the one that fits. */
export function chartRow(charts: readonly ChartModel[]): Markup {
  return html`<div class="charts">${charts.map(figure)}</div>`;
}

function figure(chart: ChartModel): Markup {
  const light = drawChart(chart, 'light');
  const dark = drawChart(chart, 'dark');
  const alt = describe(chart);
  const picture = ({ png, width, height }: typeof light, className: string) =>
    html`<img class="${className}" width="${width}" height="${height}" alt="${alt}" src="data:image/png;base64,${png.toString('base64')}">`;
  return html`
<figure class="chart">${picture(light, 'on-light')}${picture(dark, 'on-dark')}
<figcaption>${caption(chart)}</figcaption></figure>`;
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
