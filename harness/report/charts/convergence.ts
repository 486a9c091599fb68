import type { ChartOf } from '../../identity/chart-ref.ts';
import type { TracedScalar } from '../trace-model.ts';
import type { ChartContext } from './context.ts';
import type { Axis, Figure, Series } from './figure.ts';

/** What methods say of their steps under one name, a line each; none where no trace has the name. */
export function convergenceFigures(context: ChartContext, ref: ChartOf<'convergence'>): Figure[] {
  return ref.y.flatMap((name) => convergence(context, name, ref) ?? []);
}

function convergence(
  { traces, looks }: ChartContext,
  name: string,
  { xAxis = {}, yAxis = {} }: ChartOf<'convergence'>,
): Figure | null {
  const traced = traces().flatMap(({ label, item, seed, scalars }) => {
    const scalar = scalars.find((one) => one.name === name);
    return scalar ? [{ label, item, seed, scalar }] : [];
  });
  if (traced.length === 0) return null;
  const plain = { digits: null, worse: null } as const;
  const x: Axis = { ...plain, title: 'step', name: 'step', range: xAxis, mayBeLog: false, isRead: false };
  const of = [...new Set(traced.map(({ item, seed }) => `${item}, seed ${seed}`))];
  return {
    kind: 'convergence',
    title: `${name} over steps`,
    caption: `${name} over the steps, as each method says it of itself (${of.join('; ')}); different methods need not mean the same by it.`,
    height: 320,
    x,
    y: { ...plain, title: name, name, range: yAxis, mayBeLog: true, isRead: true },
    series: traced.map(
      ({ label, scalar }): Series => ({
        label,
        look: looks(label),
        line: 'solid',
        points: finite(scalar),
        inLegend: true,
      }),
    ),
  };
}

function finite({ points }: TracedScalar) {
  return points.flatMap(([x, y]) => (y === null ? [] : [{ x, y }]));
}
