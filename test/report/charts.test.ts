import { describe, expect, it } from 'vitest';
import { buildCharts, type SweepChart } from '../../harness/report/charts/chart-model.ts';
import { drawChart } from '../../harness/report/charts/draw.ts';
import { buildTables } from '../../harness/report/table-model.ts';
import { makeSource, sweepMethods } from './fixture.ts';

const sweepTable = buildTables(makeSource({ compared: sweepMethods }))[0]!;
const charts = [{ x: 'p2l.promptSteps', y: ['psnr', 'ssim'] }];

describe('a sweep', () => {
  it('has a line over the parameter with intervals, and a level for each other solver', () => {
    const [psnr, ssim] = buildCharts(sweepTable, charts) as SweepChart[];
    expect([psnr!.column.metric, ssim!.column.metric]).toEqual(['psnr', 'ssim']);
    expect(psnr!.series).toHaveLength(1);
    expect(psnr!.series[0]!.label).toBe('P2L');
    expect(psnr!.series[0]!.points.map(({ x }) => x)).toEqual([0, 1, 3, 5]);
    for (const { mean, low, high } of psnr!.series[0]!.points) expect(low < mean && mean < high).toBe(true);
    expect(psnr!.levels.map(({ label }) => label)).toEqual(['LDPS']);
  });

  it('has one line for each setting of the other parameters', () => {
    const methods = [0.1, 0.2].flatMap((lr) =>
      [1, 2].map((k) => ({ solver: 'p2l', params: { k, lr }, psnr: 20 + k })),
    );
    const table = buildTables(makeSource({ compared: methods }))[0]!;
    const [chart] = buildCharts(table, [{ x: 'p2l.k', y: ['psnr'] }]) as SweepChart[];
    expect(chart!.series.map(({ label, points }) => [label, points.map(({ x }) => x)])).toEqual([
      ['P2L (lr=0.1)', [1, 2]],
      ['P2L (lr=0.2)', [1, 2]],
    ]);
  });

  it('marks a line whose methods were told the captions', () => {
    const methods = ['', { from: 'caption' }].flatMap((prompt) =>
      [1, 2].map((k) => ({ solver: 'p2l', params: { k, prompt }, psnr: 20 + k })),
    );
    const table = buildTables(makeSource({ compared: methods }))[0]!;
    const [chart] = buildCharts(table, [{ x: 'p2l.k', y: ['psnr'] }]) as SweepChart[];
    expect(chart!.series.map(({ label }) => label)).toEqual(['P2L (prompt="")', 'P2L‡ (prompt=caption)']);
  });

  it('gives way to dots where the parameter has one value only', () => {
    const [table] = buildTables(makeSource());
    expect(buildCharts(table!, charts).map(({ kind }) => kind)).toEqual(['dots', 'dots']);
  });
});

it('without a configured chart every metric gets a dot for each method', () => {
  const [chart] = buildCharts(sweepTable, []);
  expect(chart).toMatchObject({ kind: 'dots', column: { metric: 'psnr' } });
  expect(chart!.kind === 'dots' && chart!.dots.map(({ label }) => label)).toEqual([
    'bicubic',
    'LDPS',
    ...[0, 1, 3, 5].map((k) => `P2L (promptSteps=${k})`),
  ]);
});

describe('drawing', () => {
  const [sweep] = buildCharts(sweepTable, charts);
  const [dots] = buildCharts(sweepTable, []);

  it.each([
    ['sweep', sweep!],
    ['dots', dots!],
  ])('%s: a PNG of twice the nominal size, another one for each theme', (_, chart) => {
    const { png, width, height } = drawChart(chart, 'light');
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * width, 2 * height]);
    expect(drawChart(chart, 'dark').png.equals(png)).toBe(false);
    expect(drawChart(chart, 'light').png.equals(png)).toBe(true);
  });

  it('shows the intervals', () => {
    if (sweep?.kind !== 'sweep') throw new Error('expected a sweep');
    const wider = {
      ...sweep,
      series: sweep.series.map((line) => ({
        ...line,
        points: line.points.map((point, i) => (i === 1 ? { ...point, low: point.low - 0.1 } : point)),
      })),
    };
    expect(drawChart(wider, 'light').png.equals(drawChart(sweep, 'light').png)).toBe(false);
  });

  it('has text, also on a machine without fonts', () => {
    if (dots?.kind !== 'dots') throw new Error('expected dots');
    const named = (label: string) => drawChart({ ...dots, dots: [{ ...dots.dots[0]!, label }] }, 'light').png;
    expect(named('AB').equals(named('BA'))).toBe(false);
  });

  it('manages categories, logarithmic parameters and a single image without interval', () => {
    const over = (values: readonly unknown[]) => {
      const methods = values.map((init) => ({ solver: 'p2l', params: { init }, psnr: 20 }));
      const table = buildTables(makeSource({ compared: methods, items: 1 }))[0]!;
      return buildCharts(table, [{ x: 'p2l.init', y: ['psnr'] }])[0]!;
    };
    for (const values of [
      ['face', 'cat'],
      [0.0001, 0.01, 1],
      [[1, 2], [3]],
    ]) {
      const chart = over(values);
      expect(chart.kind).toBe('sweep');
      expect(drawChart(chart, 'light').png.length).toBeGreaterThan(1000);
    }
  });
});
