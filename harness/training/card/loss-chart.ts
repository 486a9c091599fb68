import type { ChartConfiguration } from 'chart.js';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { axisStyle, commonOptions, legendStyle } from '../../report/charts/axes.ts';
import { palettes } from '../../report/charts/palette.ts';
import { registerChartFont } from '../../report/fonts.ts';
import type { LossLine } from './loss-log.ts';

const WIDTH = 420;
const HEIGHT = 240;

/** A loss curve on a logarithmic axis as a PNG on white, since a card is read on light and dark pages. */
export function drawLossCurve(lines: readonly LossLine[]): Buffer {
  registerChartFont();
  const canvas = new ChartJSNodeCanvas({ width: WIDTH, height: HEIGHT, backgroundColour: 'white' });
  return canvas.renderToBufferSync(lossConfig(lines));
}

function lossConfig(lines: readonly LossLine[]): ChartConfiguration<'line'> {
  const palette = palettes.light;
  return {
    type: 'line',
    data: {
      datasets: [
        {
          data: lines.map(({ step, loss }) => ({ x: step, y: loss })),
          borderColor: palette.series[0]!,
          borderWidth: 1.25,
          pointRadius: 0,
        },
      ],
    },
    options: {
      ...commonOptions(),
      plugins: { legend: legendStyle(palette, false) },
      scales: {
        x: { ...axisStyle(palette, 'step', false), type: 'linear', max: lines.at(-1)!.step },
        y: { ...axisStyle(palette, 'loss', true), type: 'logarithmic' },
      },
    },
  };
}
