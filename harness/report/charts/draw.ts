import { Chart, type ChartItem } from 'chart.js/auto';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { nativeCanvas, registerChartFont } from '../fonts.ts';
import { layoutConfig } from './draw-script.ts';
import type { Layout } from './layout.ts';
import { palettes, type Theme } from './palette.ts';

/** A chart as a PNG with a transparent ground; `width` and `height` in CSS pixels, the picture has twice as many. */
export interface Drawing {
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
}

const WIDTH = 520;

export function drawChart(layout: Layout, theme: Theme): Drawing {
  registerChartFont();
  const { height } = layout;
  const canvas = new ChartJSNodeCanvas({ width: WIDTH, height });
  // The synchronous call: with @napi-rs/canvas in the place of `canvas` the asynchronous ones never return.
  const png = canvas.renderToBufferSync(layoutConfig(layout, palettes[theme]));
  return { png, width: WIDTH, height };
}

/** Vectors for papers, in the light theme: letters are paths in SVG, an embedded font in PDF. */
export function drawVectors(layout: Layout): { readonly svg: Buffer; readonly pdf: Buffer } {
  registerChartFont();
  const { SvgExportFlag, PDFDocument, createCanvas } = nativeCanvas();
  const { height } = layout;
  const svg = createCanvas(WIDTH, height, SvgExportFlag.ConvertTextToPaths);
  drawOn(svg.getContext('2d'), layout);
  const pdf = new PDFDocument({ title: layout.y.title });
  const page = pdf.beginPage(WIDTH, height);
  drawOn(page, layout);
  pdf.endPage();
  return { svg: svg.getContent(), pdf: pdf.close() };
}

/** Chart.js asks a context for its canvas, which those of documents lack. */
function drawOn(context: object, layout: Layout): void {
  const canvas = { width: WIDTH, height: layout.height, style: {}, getContext: () => context };
  Object.defineProperty(context, 'canvas', { value: canvas });
  const config = layoutConfig(layout, palettes.light);
  Object.assign(config.options!, { responsive: false, devicePixelRatio: 1 });
  new Chart(canvas as unknown as ChartItem, config);
}
