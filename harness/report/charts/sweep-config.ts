import type { ChartConfiguration, Scale } from 'chart.js';
import { axisStyle, commonOptions, drawnText, legendStyle, metricTitle, valueBounds } from './axes.ts';
import type { SweepChart } from './chart-model.ts';
import type { Palette } from './palette.ts';
import { whiskers } from './whiskers.ts';

/** Lines with intervals over the swept parameter, the other methods as dashed levels. */
export function sweepConfig(chart: SweepChart, palette: Palette): ChartConfiguration<'line'> {
  const x = xAxis(chart.series.flatMap(({ points }) => points.map((point) => point.x)));
  const color = (i: number) => palette.series[i % palette.series.length]!;
  const lines = chart.series.map(({ label, points }, i) => ({
    label: drawnText(label),
    data: points.map((point) => x.point(point.x, point.mean)),
    borderColor: color(i),
    backgroundColor: color(i),
    borderWidth: 2,
    pointRadius: 4,
  }));
  const levels = chart.levels.map(({ label, mean }, i) => ({
    label: drawnText(label),
    data: x.ends.map((end) => x.point(end, mean)),
    borderColor: color(i + lines.length),
    backgroundColor: color(i + lines.length),
    borderWidth: 1.5,
    borderDash: [6, 4],
    pointRadius: 0,
  }));
  const bounds = valueBounds([...chart.series.flatMap(({ points }) => points), ...chart.levels]);
  return {
    type: 'line',
    data: { labels: x.labels, datasets: [...lines, ...levels] },
    options: {
      ...commonOptions(),
      plugins: { legend: legendStyle(palette, lines.length + levels.length > 1) },
      scales: {
        x: { ...axisStyle(palette, drawnText(`${chart.solver}  ${chart.param}`), false), ...x.scale },
        y: { ...axisStyle(palette, metricTitle(chart.column), true), ...bounds },
      },
    },
    plugins: [
      whiskers(
        chart.series.map(({ points }) => points.map(({ low, high }) => [low, high])),
        'y',
      ),
    ],
  };
}

/** Ratio of largest to smallest value from which a positive parameter is drawn on a logarithmic axis. */
const LOG_FROM = 50;

/** Ticks stand at the parameter's own values. Numbers on a linear or logarithmic axis, anything else as categories. */
function xAxis(values: readonly (number | string)[]) {
  const drawn = (value: number | string) => (typeof value === 'number' ? value : drawnText(value));
  const labels = [...new Set(values.map(drawn))];
  const numbers = labels.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  if (numbers.length < labels.length) {
    return {
      labels,
      ends: labels,
      scale: { type: 'category' as const, offset: true },
      point: (x: number | string, y: number) => ({ x: drawn(x) as number, y }),
    };
  }
  const [low, high] = [numbers[0]!, numbers.at(-1)!];
  const log = low > 0 && high / low >= LOG_FROM;
  const air = log ? (high / low) ** 0.06 : (high - low) * 0.06;
  const [min, max] = log ? [low / air, high * air] : [low - air, high + air];
  return {
    labels,
    ends: [min, max],
    scale: {
      type: log ? ('logarithmic' as const) : ('linear' as const),
      min,
      max,
      afterBuildTicks: (scale: Scale) => {
        scale.ticks = numbers.map((value) => ({ value, label: String(value) }));
      },
    },
    point: (x: number | string, y: number) => ({ x: x as number, y }),
  };
}
