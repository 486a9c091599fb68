/**
 * The drawing itself, on a canvas here and in the reader's browser, which is handed these very functions as text: they
 * may name nothing but each other, their arguments and what every JavaScript has.
 */
import type { Chart, ChartConfiguration, ChartDataset, Plugin, Scale } from 'chart.js';
import type { Look } from './figure.ts';
import type { LaidAxis, LaidPoint, LaidSeries, Layout } from './layout.ts';
import type { Palette } from './palette.ts';

function layoutConfig(layout: Layout, palette: Palette): ChartConfiguration<'scatter'> {
  const shown = layout.series.filter(({ inLegend }) => inLegend).length;
  return {
    type: 'scatter',
    data: { datasets: layout.series.map((series) => dataset(series, palette)) },
    options: {
      animation: false,
      devicePixelRatio: 2,
      layout: { padding: { top: 8, right: 14, bottom: 2, left: 2 } },
      font: { family: palette.font, size: 12 },
      interaction: { mode: 'nearest', intersect: false, axis: 'xy' },
      plugins: {
        legend: {
          display: shown > 1,
          position: 'bottom',
          labels: {
            color: palette.ink,
            usePointStyle: true,
            boxWidth: 18,
            boxHeight: 7,
            font: { family: palette.font, size: 12 },
            padding: 12,
            filter: (item) => layout.series[item.datasetIndex ?? 0]!.inLegend,
          },
        },
        tooltip: {
          displayColors: false,
          filter: (item) => !layout.series[item.datasetIndex]!.isGuide,
          callbacks: {
            title: () => '',
            label: (item) => [...layout.series[item.datasetIndex]!.points[item.dataIndex]!.hover],
          },
        },
      },
      scales: { x: axis(layout.x, palette, 'x'), y: axis(layout.y, palette, 'y') },
    },
    plugins: [marks(layout, palette)],
  };
}

function colourOf(look: Look, palette: Palette): string {
  if (look === 'muted') return palette.muted;
  if ('method' in look) return palette.series[look.method % palette.series.length]!;
  const part = (colour: string, at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) => {
    const [from, to] = [part(palette.faint, at), part(palette.series[0]!, at)];
    return Math.round(from + (to - from) * look.shade);
  });
  return `rgb(${mixed.join(',')})`;
}

/** Colours come round again after a palette's length: from then on other marks tell methods apart. */
function markOf(look: Look, palette: Palette): 'circle' | 'rect' | 'rectRot' | 'triangle' {
  if (look === 'muted' || !('method' in look)) return 'circle';
  const marks = ['circle', 'rectRot', 'triangle', 'rect'] as const;
  return marks[Math.floor(look.method / palette.series.length) % marks.length]!;
}

function dataset(series: LaidSeries, palette: Palette): ChartDataset<'scatter'> {
  const color = colourOf(series.look, palette);
  return {
    label: series.label,
    data: series.points.map(({ x, y }) => ({ x, y })),
    showLine: series.line !== 'none',
    borderColor: color,
    backgroundColor: color,
    borderWidth: series.isGuide ? 1.5 : 2,
    borderDash: series.line === 'dashed' ? [6, 4] : [],
    pointStyle: series.isGuide ? 'line' : markOf(series.look, palette),
    pointRadius: series.isGuide ? 0 : series.points.map(({ beyond }) => (beyond ? 0 : 4.5)),
    pointHoverRadius: series.isGuide ? 0 : 6,
    pointHitRadius: series.isGuide ? 0 : 8,
    pointBorderWidth: series.isGuide ? 1.5 : 0,
    clip: 8,
  };
}

function axis(laid: LaidAxis, palette: Palette, along: 'x' | 'y') {
  const label = (value: number | string) => laid.ticks?.find((tick) => tick.value === value)?.label ?? '';
  return {
    type: laid.log ? ('logarithmic' as const) : ('linear' as const),
    axis: along,
    position: along === 'x' ? ('bottom' as const) : ('left' as const),
    min: laid.min,
    max: laid.max,
    reverse: laid.reversed,
    border: { color: palette.rule, display: !laid.hidden },
    grid: { display: laid.isRead && !laid.hidden, color: palette.rule, drawTicks: false },
    ticks: {
      display: !laid.hidden,
      includeBounds: false,
      maxRotation: 40,
      autoSkip: laid.ticks === null || laid.ticks.length > 12,
      color: laid.ticks ? palette.ink : palette.muted,
      padding: 6,
      font: { family: palette.font, size: 12 },
      ...(laid.ticks && { callback: label }),
    },
    title: {
      display: laid.title !== '' && !laid.hidden,
      text: laid.title,
      color: palette.ink,
      font: { family: palette.font, size: 12.5 },
    },
    afterBuildTicks: (scale: Scale) => {
      if (laid.ticks) scale.ticks = laid.ticks.map((tick) => ({ ...tick }));
    },
  };
}

/** Intervals behind the points, and beside them names, the numbers of values beyond the axes, and remarks. */
function marks(layout: Layout, palette: Palette): Plugin<'scatter'> {
  const each = (chart: Chart, draw: (point: LaidPoint, x: number, y: number, color: string) => void) => {
    layout.series.forEach(({ points, look }, d) => {
      if (!chart.isDatasetVisible(d)) return;
      points.forEach((point, i) => {
        const at = chart.getDatasetMeta(d).data[i];
        if (at) draw(point, at.x, at.y, colourOf(look, palette));
      });
    });
  };
  return {
    id: 'marks',
    beforeDatasetsDraw(chart) {
      const { ctx, scales } = chart as Chart;
      ctx.save();
      ctx.lineWidth = 1.5;
      each(chart as Chart, ({ xBar, yBar }, x, y, color) => {
        ctx.strokeStyle = color;
        ctx.beginPath();
        const cap = 4;
        if (yBar) {
          const [from, to] = [scales.y!.getPixelForValue(yBar[0]), scales.y!.getPixelForValue(yBar[1])];
          ctx.moveTo(x, from);
          ctx.lineTo(x, to);
          for (const end of [from, to]) {
            ctx.moveTo(x - cap, end);
            ctx.lineTo(x + cap, end);
          }
        }
        if (xBar) {
          const [from, to] = [scales.x!.getPixelForValue(xBar[0]), scales.x!.getPixelForValue(xBar[1])];
          ctx.moveTo(from, y);
          ctx.lineTo(to, y);
          for (const end of [from, to]) {
            ctx.moveTo(end, y - cap);
            ctx.lineTo(end, y + cap);
          }
        }
        ctx.stroke();
      });
      ctx.restore();
    },
    afterDatasetsDraw(chart) {
      const { ctx, scales, chartArea } = chart as Chart;
      ctx.save();
      ctx.font = `11px ${palette.font}`;
      ctx.textBaseline = 'middle';
      each(chart as Chart, ({ beyond, name }, x, y, color) => {
        ctx.fillStyle = color;
        const isRight = x > chartArea.right - 60;
        const text = beyond ? (name ? `${name}: ${beyond.text}` : beyond.text) : name;
        if (beyond) {
          const [dx, dy] = { left: [-1, 0], right: [1, 0], top: [0, -1], bottom: [0, 1] }[beyond.side] as [
            number,
            number,
          ];
          ctx.beginPath();
          ctx.moveTo(x + dx * 7, y + dy * 7);
          ctx.lineTo(x - dx * 3 + dy * 5, y - dy * 3 + dx * 5);
          ctx.lineTo(x - dx * 3 - dy * 5, y - dy * 3 - dx * 5);
          ctx.fill();
        }
        if (text === '') return;
        const drop = beyond ? { left: 0, right: 0, top: 9, bottom: -9 }[beyond.side] : 11;
        ctx.textAlign = isRight ? 'right' : 'left';
        ctx.fillText(text, x + (isRight ? -9 : 9), y + drop);
      });
      ctx.fillStyle = palette.muted;
      ctx.textAlign = 'left';
      for (const { x, y, text } of layout.remarks)
        ctx.fillText(text, scales.x!.getPixelForValue(x) + 9, scales.y!.getPixelForValue(y));
      ctx.restore();
    },
  };
}

/** The functions above as a script that defines them. */
export const drawingScript = [layoutConfig, colourOf, markOf, dataset, axis, marks].map(String).join('\n');
export { layoutConfig, markOf };
