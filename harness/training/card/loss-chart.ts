import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { layoutConfig } from '../../report/charts/draw-script.ts';
import { layOut } from '../../report/charts/layout.ts';
import { palettes } from '../../report/charts/palette.ts';
import { registerChartFont } from '../../report/fonts.ts';
import type { LossLine } from './loss-log.ts';

const WIDTH = 420;
const HEIGHT = 240;

/** A loss curve on a logarithmic axis as a PNG on white, since a card is read on light and dark pages. */
export function drawLossCurve(lines: readonly LossLine[]): Buffer {
  registerChartFont();
  const plain = { digits: null, worse: null, mayBeLog: false } as const;
  const layout = layOut({
    kind: 'convergence',
    title: 'loss',
    caption: '',
    height: HEIGHT,
    x: { ...plain, title: 'step', name: 'step', range: {}, isRead: false },
    y: { ...plain, title: 'loss', name: 'loss', range: { log: true }, isRead: true },
    series: [
      {
        label: 'loss',
        look: { method: 0 },
        line: 'solid',
        isGuide: true,
        inLegend: false,
        points: lines.map(({ step, loss }) => ({ x: step, y: loss })),
      },
    ],
  });
  const canvas = new ChartJSNodeCanvas({ width: WIDTH, height: HEIGHT, backgroundColour: 'white' });
  return canvas.renderToBufferSync(layoutConfig(layout, palettes.light));
}
