import type { ChartConfiguration } from 'chart.js';
import { axisStyle, commonOptions, drawnText, legendStyle, metricTitle, valueBounds } from './axes.ts';
import type { DotChart } from './chart-model.ts';
import type { Palette } from './palette.ts';
import { whiskers } from './whiskers.ts';

/** One row a method: a dot at the mean, a bar over its interval; trivial baselines are muted. */
export function dotConfig({ column, dots }: DotChart, palette: Palette): ChartConfiguration<'line'> {
  const methods = axisStyle(palette, '', false);
  return {
    type: 'line',
    data: {
      labels: dots.map(({ label }) => drawnText(label)),
      datasets: [
        {
          data: dots.map(({ mean }) => mean),
          showLine: false,
          borderColor: palette.series[0]!,
          backgroundColor: dots.map(({ trivial }) => (trivial ? palette.muted : palette.series[0]!)),
          pointBorderWidth: 0,
          pointRadius: 5,
        },
      ],
    },
    options: {
      ...commonOptions(),
      indexAxis: 'y',
      plugins: { legend: legendStyle(palette, false) },
      scales: {
        x: { ...axisStyle(palette, metricTitle(column), true), ...valueBounds(dots) },
        y: { ...methods, ticks: { ...methods.ticks, color: palette.ink }, type: 'category', offset: true },
      },
    },
    plugins: [whiskers([dots.map(({ low, high }) => [low, high])], 'x')],
  };
}
