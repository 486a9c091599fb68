import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { registerChartFont } from '../fonts.ts';
import type { ChartModel } from './chart-model.ts';
import { dotConfig } from './dot-config.ts';
import { palettes, type Theme } from './palette.ts';
import { sweepConfig } from './sweep-config.ts';

/** A chart as a PNG with a transparent ground; `width` and `height` in CSS pixels, the picture has twice as many. */
export interface Drawing {
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
}

const WIDTH = 520;

export function drawChart(chart: ChartModel, theme: Theme): Drawing {
  registerChartFont();
  const palette = palettes[theme];
  const height = chart.kind === 'sweep' ? 320 : 60 + 30 * chart.dots.length;
  const config = chart.kind === 'sweep' ? sweepConfig(chart, palette) : dotConfig(chart, palette);
  const canvas = new ChartJSNodeCanvas({ width: WIDTH, height });
  // The synchronous call: with @napi-rs/canvas in the place of `canvas` the asynchronous ones never return.
  return { png: canvas.renderToBufferSync(config), width: WIDTH, height };
}
