import type { Chart, Plugin } from 'chart.js';

/** A dataset's 95 % intervals, one [low, high] a point; drawn along the value axis. */
export type Intervals = readonly (readonly [number, number])[];

/** Draws the intervals behind the points: Chart.js has no error bars of its own. */
export function whiskers(intervals: readonly Intervals[], axis: 'x' | 'y'): Plugin {
  return {
    id: 'whiskers',
    beforeDatasetsDraw(chart: Chart) {
      const { ctx } = chart;
      const scale = chart.scales[axis]!;
      intervals.forEach((ofDataset, d) => {
        const points = chart.getDatasetMeta(d).data;
        const color = chart.data.datasets[d]!.backgroundColor;
        ctx.save();
        ctx.lineWidth = 1.5;
        ofDataset.forEach(([low, high], i) => {
          if (!Number.isFinite(low) || !Number.isFinite(high)) return;
          const { x, y } = points[i]!;
          const [from, to] = [scale.getPixelForValue(low), scale.getPixelForValue(high)];
          ctx.strokeStyle = String(Array.isArray(color) ? color[i] : color);
          ctx.beginPath();
          if (axis === 'y') bar(ctx, (along, across) => [x + across, along], from, to);
          else bar(ctx, (along, across) => [along, y + across], from, to);
          ctx.stroke();
        });
        ctx.restore();
      });
    },
  };
}

/** Half the width of a whisker's end, in pixels. */
const CAP = 4;

/** What is used of a 2-D canvas context (the DOM's types are not in this project). */
interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

function bar(
  ctx: Pen,
  place: (along: number, across: number) => [number, number],
  from: number,
  to: number,
): void {
  ctx.moveTo(...place(from, 0));
  ctx.lineTo(...place(to, 0));
  for (const end of [from, to]) {
    ctx.moveTo(...place(end, -CAP));
    ctx.lineTo(...place(end, CAP));
  }
}
