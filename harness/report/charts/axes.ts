import { shorten, visible } from '../../text/visible.ts';
import type { Column } from '../columns.ts';
import type { Palette } from './palette.ts';

const FAMILY = 'Inter, "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans", sans-serif';

/** Characters of a label that leave room for the chart. */
const LABEL = 48;

/** A label as it is drawn: in full it stands in the picture's description. The canvas refuses NUL. */
export function drawnText(text: string): string {
  return shorten(visible(text), LABEL);
}

/** The options all charts share; `devicePixelRatio` 2 for dense screens and print. */
export function commonOptions() {
  return {
    devicePixelRatio: 2,
    layout: { padding: { top: 4, right: 12, bottom: 2, left: 2 } },
    font: { family: FAMILY, size: 12 },
  };
}

/** Look of an axis; `grid` only for the axis along which values are read. */
export function axisStyle(palette: Palette, title: string, grid: boolean) {
  return {
    border: { color: palette.rule },
    grid: { display: grid, color: palette.rule, drawTicks: false },
    ticks: { color: palette.muted, padding: 6, font: { family: FAMILY, size: 12 } },
    title: { display: title !== '', text: title, color: palette.ink, font: { family: FAMILY, size: 12.5 } },
  };
}

export function legendStyle(palette: Palette, display: boolean) {
  return {
    display,
    position: 'bottom' as const,
    labels: {
      color: palette.ink,
      usePointStyle: true,
      pointStyle: 'line',
      font: { family: FAMILY, size: 12 },
      padding: 14,
    },
  };
}

/** PSNR (dB) ↑ */
export function metricTitle({ title, unit, arrow, variant }: Column): string {
  return `${title}${unit ? ` (${unit})` : ''} ${arrow}${variant ? `  ${variant}` : ''}`;
}

/** Bounds that hold every mean and interval end, with a little air. */
export function valueBounds(estimates: readonly { mean: number; low?: number; high?: number }[]) {
  const values = estimates
    .flatMap(({ mean, low = mean, high = mean }) => [mean, low, high])
    .filter(Number.isFinite);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const air = (highest - lowest || Math.abs(highest) || 1) * 0.06;
  return { suggestedMin: lowest - air, suggestedMax: highest + air };
}
