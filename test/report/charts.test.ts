import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ChartRef } from '../../harness/identity/chart-ref.ts';
import { buildCharts } from '../../harness/report/charts/build.ts';
import { chartContext } from '../../harness/report/charts/context.ts';
import { drawChart, drawVectors } from '../../harness/report/charts/draw.ts';
import type { Figure } from '../../harness/report/charts/figure.ts';
import { dataCsv, dataOf } from '../../harness/report/charts/figure-data.ts';
import { writeCharts } from '../../harness/report/charts/files.ts';
import { layOut } from '../../harness/report/charts/layout.ts';
import { looksOf } from '../../harness/report/charts/looks.ts';
import type { ReportSource } from '../../harness/report/source.ts';
import { buildTables } from '../../harness/report/table-model.ts';
import { tracePath } from '../../harness/store/trace-file.ts';
import { makeSource, sweepMethods } from './fixture.ts';

/** The charts of a source's first table. */
function chartsOf(source: ReportSource, charts: readonly ChartRef[]) {
  const tables = buildTables(source);
  return buildCharts(chartContext(tables[0]!, source, looksOf(tables)), charts);
}
const figuresOf = (source: ReportSource, charts: readonly ChartRef[]) => chartsOf(source, charts).figures;
const marked = ({ series }: Figure) => series.filter(({ isGuide }) => !isGuide);
const guides = ({ series }: Figure) => series.filter(({ isGuide }) => isGuide);

const source = makeSource({ compared: sweepMethods });
const sweep = (more: Partial<Extract<ChartRef, { kind: 'sweep' }>> = {}): ChartRef => ({
  kind: 'sweep',
  x: 'p2l.promptSteps',
  y: ['psnr'],
  ...more,
});

describe('a sweep', () => {
  it('has a line over the parameter with intervals, and a level for each other solver', () => {
    const [psnr, ssim] = figuresOf(source, [sweep({ y: ['psnr', 'ssim'] })]);
    expect([psnr!.y.name, ssim!.y.name]).toEqual(['psnr', 'ssim']);
    const [line, ...more] = marked(psnr!);
    expect(more).toEqual([]);
    expect(line!.label).toBe('P2L');
    expect(line!.points.map(({ x }) => x)).toEqual([0, 1, 3, 5]);
    for (const { y, yLow, yHigh } of line!.points) expect(yLow! < y && y < yHigh!).toBe(true);
    expect(guides(psnr!).map(({ label }) => label)).toEqual(['LDPS']);
  });

  it('has one line for each setting of the other parameters', () => {
    const compared = [0.1, 0.2].flatMap((lr) =>
      [1, 2].map((k) => ({ solver: 'p2l', params: { k, lr }, psnr: 20 + k })),
    );
    const [figure] = figuresOf(makeSource({ compared }), [sweep({ x: 'p2l.k' })]);
    expect(marked(figure!).map(({ label, points }) => [label, points.map(({ x }) => x)])).toEqual([
      ['P2L (lr=0.1)', [1, 2]],
      ['P2L (lr=0.2)', [1, 2]],
    ]);
  });

  it('marks a line whose methods were told the captions', () => {
    const compared = ['', { from: 'caption' }].flatMap((prompt) =>
      [1, 2].map((k) => ({ solver: 'p2l', params: { k, prompt }, psnr: 20 + k })),
    );
    const [figure] = figuresOf(makeSource({ compared }), [sweep({ x: 'p2l.k' })]);
    expect(marked(figure!).map(({ label }) => label)).toEqual(['P2L (prompt="")', 'P2L‡ (prompt=caption)']);
  });

  it('gives way to the usual charts where the parameter has one value only, and is named as missing', () => {
    const { figures, missing } = chartsOf(makeSource(), [sweep()]);
    expect(figures.map(({ kind }) => kind)).toEqual(['dots', 'dots', 'pareto']);
    expect(missing).toEqual([sweep()]);
  });

  it('shows the paired difference to the baseline with the interval that the table prints', () => {
    const [figure] = figuresOf(source, [sweep({ difference: 'baseline' })]);
    const rows = buildTables(source)[0]!.rows.filter(({ method }) => method.solver === 'p2l');
    const printed = rows.map(({ cells }) => cells[0]!.difference!);
    expect(marked(figure!)[0]!.points.map(({ y, yLow, yHigh }) => [y, yLow, yHigh])).toEqual(
      printed.map(({ mean, low, high }) => [mean, low, high]),
    );
    expect(figure!.y.title).toBe('Δ PSNR (dB) ↑ to LDPS');
  });

  it('shows the paired difference to one of its own points, which is 0 there, narrower than the means are', () => {
    const [plain] = figuresOf(source, [sweep()]);
    const [figure] = figuresOf(source, [sweep({ difference: 1 })]);
    const [means, differences] = [marked(plain!)[0]!.points, marked(figure!)[0]!.points];
    expect(differences[1]).toMatchObject({ x: 1, y: 0, yLow: Number.NaN });
    const width = ({ yLow, yHigh }: (typeof means)[number]) => yHigh! - yLow!;
    for (const i of [0, 2, 3]) {
      expect(differences[i]!.y).toBeCloseTo(means[i]!.y - means[1]!.y, 10);
      expect(width(differences[i]!)).toBeLessThan(width(means[i]!));
    }
    expect(guides(figure!).map(({ label }) => label)).toEqual(['LDPS', '0']);
  });

  it('stands over a cost: a named point each value, and the other solvers as points', () => {
    const costs = source.costs.map((row) => ({
      ...row,
      secondsPerImage: 2 + ((JSON.parse(row.method).params.promptSteps as number | undefined) ?? 0),
    }));
    const [figure] = figuresOf({ ...source, costs }, [sweep({ sweep: 'p2l.promptSteps', x: 'seconds' })]);
    const [line, ldps] = marked(figure!);
    expect(line!.points.map(({ x, name }) => [x, name])).toEqual([
      [2, '0'],
      [3, '1'],
      [5, '3'],
      [7, '5'],
    ]);
    expect([ldps!.label, ldps!.points[0]!.x]).toEqual(['LDPS', 2]);
    expect(guides(figure!)).toEqual([]);
  });

  it('has costs as its values, where they were measured', () => {
    const [seconds, passes] = figuresOf(source, [sweep({ y: ['seconds', 'evaluations', 'memory'] })]);
    expect(marked(seconds!)[0]!.points.map(({ y }) => y)).toEqual([5.21, 5.21, 5.21, 5.21]);
    expect(marked(passes!)[0]!.points.map(({ y }) => y)).toEqual([150, 150, 150, 150]);
    expect(chartsOf(source, [sweep({ y: ['memory'] })]).missing).toHaveLength(1);
  });
});

describe('how much of a parameter is worth it', () => {
  const caption = (psnr: readonly number[], items = 8) => {
    const compared = psnr.map((value, k) => ({ solver: 'p2l', params: { k }, psnr: value }));
    return figuresOf(makeSource({ compared, items }), [sweep({ x: 'p2l.k' })])[0]!.caption;
  };

  it('is the first point that the best one is not told apart from', () => {
    expect(caption([20, 23, 23.05, 23.02])).toMatch(
      /Enough: k=1\. The best, k=[23], differs .*not told apart on 8 pictures\. Rule: the first point/,
    );
  });

  it('is the best where every earlier one is worse', () => {
    expect(caption([20, 22, 24])).toContain('Enough: k=2, the best; it is better than every earlier one.');
  });

  it('cannot be said of so few pictures that no test tells points apart', () => {
    expect(caption([20, 22, 24], 5)).toContain('How much k is worth it cannot be said');
  });
});

it('without a configured chart there are dots of every metric, and the first against time with its front', () => {
  const figures = figuresOf(source, []);
  expect(figures.map(({ kind, y, x }) => [kind, kind === 'dots' ? x.name : y.name])).toEqual([
    ['dots', 'psnr'],
    ['dots', 'ssim'],
    ['pareto', 'psnr'],
  ]);
  expect(figures[0]!.y.categories).toEqual([
    'bicubic',
    'LDPS',
    ...[0, 1, 3, 5].map((k) => `P2L (promptSteps=${k})`),
  ]);
});

it('the perception-distortion plane is there where a metric of each is', () => {
  const rows = source.rows.map((row) => (row.metric === 'ssim' ? { ...row, metric: 'lpips' } : row));
  const metrics = [...source.metrics, { name: 'lpips', title: 'LPIPS', better: 'lower', digits: 3 } as const];
  const plane = figuresOf({ ...source, rows, metrics }, []).find(({ kind }) => kind === 'plane')!;
  expect([plane.x.name, plane.y.name]).toEqual(['psnr', 'lpips']);
  expect(marked(plane)).toHaveLength(6);
});

describe('two methods, picture by picture', () => {
  it('share pictures, stand on equal axes, and are counted', () => {
    const methods = ['ldps', 'P2L (promptSteps=5)'];
    const [figure] = figuresOf(source, [{ kind: 'scatter', methods, y: ['psnr'] }]);
    expect(dataOf(figure!).head).toEqual(['picture', 'LDPS', 'P2L (promptSteps=5)']);
    expect(dataOf(figure!).rows).toHaveLength(8);
    const { x, y } = layOut(figure!);
    expect([x.min, x.max]).toEqual([y.min, y.max]);
    expect(figure!.caption).toContain('P2L (promptSteps=5) is better on 8 of 8.');
  });

  it('are missing where one is not in the table', () => {
    const ref: ChartRef = { kind: 'scatter', methods: ['ldps', 'p3l'], y: ['psnr'] };
    expect(chartsOf(source, [ref]).missing).toEqual([ref]);
  });
});

it('many parameters: an axis each with its importance, a line for each setting', () => {
  const compared = [0, 1].flatMap((a) =>
    ['x', 'y', 'z'].map((b) => ({ solver: 'p2l', params: { a, b }, psnr: 20 + 3 * a })),
  );
  const [figure] = figuresOf(makeSource({ compared }), [{ kind: 'parallel', solver: 'p2l', y: ['psnr'] }]);
  const [a, b, metric] = figure!.x.categories!;
  expect(Number(/^a \((\d+) %\)$/.exec(a!)![1])).toBeGreaterThan(95);
  expect(Number(/^b \((\d+) %\)$/.exec(b!)![1])).toBeLessThan(5);
  expect(metric).toBe('PSNR (dB) ↑');
  expect(figure!.series).toHaveLength(6);
  expect(figure!.caption).not.toContain('not full');
});

describe('what methods say of their steps', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-charts-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const { setting, method } = source.rows.findLast((row) => row.setting === source.rows[0]!.setting)!;
  const cell = 'ab'.repeat(32);
  mkdirSync(join(dir, 'traces', 'ab'), { recursive: true });
  const scalars = {
    misfit: [
      [1, 1000],
      [2, null],
      [3, 1],
    ],
  };
  writeFileSync(join(dir, tracePath(cell)), JSON.stringify({ format: 1, steps: 3, scalars, pictures: {} }));
  const traces = [{ cell, method, setting, item: 'test/00000', seed: 0, title: 'P2L' }];
  const traced = { ...source, traces, resultsDir: dir };

  it('is a line in the colour of the method, on a logarithmic axis where it is wide', () => {
    const [figure] = figuresOf(traced, [{ kind: 'convergence', y: ['misfit'] }]);
    const dots = figuresOf(traced, [])[0]!;
    const label = 'P2L (promptSteps=5)';
    expect(figure!.series).toEqual([
      {
        label,
        look: dots.series.find((one) => one.label === label)!.look,
        line: 'solid',
        points: [
          { x: 1, y: 1000 },
          { x: 3, y: 1 },
        ],
        inLegend: true,
      },
    ]);
    expect(layOut(figure!).y.log).toBe(true);
  });

  it('is missing where no trace has the name', () => {
    expect(chartsOf(traced, [{ kind: 'convergence', y: ['loss'] }]).missing).toHaveLength(1);
  });
});

it('files of a report: every chart as SVG, PDF and CSV, in place of their own kind only', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-figures-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const small = { ...source, charts: [sweep()] };
  const written = await writeCharts(small, dir);
  const files = written.files.map((file) => basename(file));
  expect(written.missing).toEqual([]);
  expect(files.slice(0, 3)).toEqual(
    ['svg', 'pdf', 'csv'].map((kind) => `01-super-resolution-sweep-psnr-over-promptSteps.${kind}`),
  );
  expect(files).toHaveLength(3 * 3);
  await writeCharts(small, dir);
  writeFileSync(join(dir, files[0]!), 'my notes');
  await expect(writeCharts(small, dir)).rejects.toThrow('expected nothing here, or an SVG picture');
});

it('says which charts could not be drawn, of which table, and why', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-figures-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const { missing } = await writeCharts({ ...source, charts: [{ kind: 'convergence', y: ['loss'] }] }, dir);
  expect(missing).toHaveLength(3);
  expect(missing[0]).toBe(
    'Super-resolution (factor=8, noise=0.01), toyfaces: not drawn: a chart of kind convergence, y ["loss"]: no trace has such numbers (tweedie run --trace keeps traces)',
  );
});

it("a chart's numbers are written in full, a row a point, levels too", () => {
  const [figure] = figuresOf(source, [sweep()]);
  const [head, first, ...rest] = dataCsv(figure!).trimEnd().split('\r\n');
  expect(head).toBe('series,promptSteps,psnr,psnr_low,psnr_high');
  const { y, yLow, yHigh } = marked(figure!)[0]!.points[0]!;
  expect(first).toBe(`P2L,0,${y},${yLow},${yHigh}`);
  expect(rest.at(-1)).toMatch(/^LDPS,,2\d\.\d+,,$/);
});

describe('drawing', () => {
  const [line] = figuresOf(source, [sweep()]);
  const [dots, , pareto] = figuresOf(source, []);
  const [parallel] = figuresOf(source, [{ kind: 'parallel', solver: 'p2l', y: ['psnr'] }]);

  it.each([
    ['sweep', line!],
    ['dots', dots!],
    ['pareto', pareto!],
    ['parallel', parallel!],
  ])('%s: a PNG of twice the nominal size, another one for each theme', (_, figure) => {
    const layout = layOut(figure);
    const { png, width, height } = drawChart(layout, 'light');
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * width, 2 * height]);
    expect(drawChart(layout, 'dark').png.equals(png)).toBe(false);
    expect(drawChart(layout, 'light').png.equals(png)).toBe(true);
  });

  it('makes vectors: paths without pictures or fonts in SVG, a page in PDF', () => {
    const { svg, pdf } = drawVectors(layOut(line!));
    const text = svg.toString();
    expect(text).toMatch(/<svg[^>]*width="520" height="320"/);
    expect(text.match(/<path/g)!.length).toBeGreaterThan(20);
    expect(text).not.toMatch(/<image|<text/);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1')).not.toContain('/Subtype /Image');
  });

  it('shows the intervals', () => {
    const y = { ...line!.y, range: { min: 15, max: 30 } };
    const wider = line!.series.map((one) => ({
      ...one,
      points: one.points.map((point, i) => (i === 1 ? { ...point, yLow: point.yLow! - 0.1 } : point)),
    }));
    const drawn = (series: Figure['series']) => drawChart(layOut({ ...line!, series, y }), 'light').png;
    expect(drawn(wider).equals(drawn(line!.series))).toBe(false);
  });

  it('has text, also on a machine without fonts', () => {
    const named = (label: string) =>
      drawChart(layOut({ ...dots!, y: { ...dots!.y, categories: [label] } }), 'light').png;
    expect(named('AB').equals(named('BA'))).toBe(false);
  });

  it('manages categories, logarithmic parameters and a single image without interval', () => {
    for (const values of [
      ['face', 'cat'],
      [0.0001, 0.01, 1],
      [[1, 2], [3]],
    ]) {
      const compared = values.map((init) => ({ solver: 'p2l', params: { init }, psnr: 20 }));
      const [figure] = figuresOf(makeSource({ compared, items: 1 }), [sweep({ x: 'p2l.init' })]);
      expect(figure!.kind).toBe('sweep');
      expect(layOut(figure!).x.log).toBe(values[0] === 0.0001);
      expect(drawChart(layOut(figure!), 'light').png.length).toBeGreaterThan(1000);
    }
  });
});
