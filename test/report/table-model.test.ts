import { describe, expect, it } from 'vitest';
import { comparabilityNotes } from '../../harness/report/notes.ts';
import type { MethodInfo } from '../../harness/report/source.ts';
import { buildTables, type TableModel } from '../../harness/report/table-model.ts';
import type { MetricRow, SettingRow } from '../../harness/store/rows.ts';
import { baselineOf, jitter, makeSource, methodOf, namedIn, settingOf, sweepMethods } from './fixture.ts';

const metrics = [
  { name: 'psnr', title: 'PSNR', better: 'higher', digits: 2, unit: 'dB' },
  { name: 'lpips', title: 'LPIPS', better: 'lower', digits: 3 },
] as const;

/** What a row may say otherwise, of itself, of its method and of its setting. */
interface Otherwise extends Partial<MetricRow> {
  readonly of?: Partial<MethodInfo>;
  readonly on?: Partial<SettingRow>;
}

/** Rows of one method: one value an image, seed 0, unless said otherwise. */
function rowsOf(name: string, values: readonly number[], { of, on, ...row }: Otherwise = {}): MetricRow[] {
  const method = name === 'bicubic' && !of ? baselineOf(name) : methodOf({ name, ...of });
  return values.map((value, i) => ({
    method: method.key,
    setting: settingOf({ task: 'blur', dataset: 'set', ...on }).key,
    item: `item-${i}`,
    seed: 0,
    metric: 'psnr',
    version: 1,
    protocol: '{"range":255}',
    value,
    ...row,
  }));
}

function tablesOf(rows: readonly MetricRow[], baseline: string | null = null): readonly TableModel[] {
  return buildTables({ rows, setRows: [], skipped: [], failures: [], ...namedIn(rows), metrics, baseline });
}

function table(rows: readonly MetricRow[], baseline: string | null = null): TableModel {
  const tables = tablesOf(rows, baseline);
  expect(tables).toHaveLength(1);
  return tables[0]!;
}

const labels = ({ rows }: TableModel) => rows.map(({ method }) => method.label);
const ranks = ({ rows }: TableModel, column = 0) => rows.map(({ cells }) => cells[column]?.rank);

describe('rows of the table', () => {
  it('start with the trivial baseline, then follow the order of the results', () => {
    expect(labels(table([...rowsOf('b', [1]), ...rowsOf('a', [2]), ...rowsOf('bicubic', [0])]))).toEqual([
      'bicubic',
      'B',
      'A',
    ]);
  });

  it('name only the parameters that differ within one solver, and sort by them as numbers', () => {
    const rows = [10, 2].flatMap((k) => rowsOf('a', [k], { of: { params: { steps: 50, k } } }));
    expect(labels(table([...rows, ...rowsOf('b', [1], { of: { params: { steps: 50, k: 1 } } })]))).toEqual([
      'A (k=2)',
      'A (k=10)',
      'B',
    ]);
  });

  it('are not named by the number of draws that a title has already', () => {
    const mean = { title: 'A, mean of 8 draws', params: { k: 1, meanOfDraws: 8 } };
    expect(
      labels(table([...rowsOf('a', [1], { of: { params: { k: 1 } } }), ...rowsOf('a', [2], { of: mean })])),
    ).toEqual(['A', 'A, mean of 8 draws']);
  });

  const prior = { name: 'sd', version: 1, params: {}, weightsSha256: 'ab'.repeat(32), toy: false };
  const plugin = { sourceSha256: `1234abcd${'0'.repeat(56)}` };

  it('are of a baseline and of a plug-in that is called like it', () => {
    const rows = [
      ...rowsOf('bicubic', [30]),
      ...rowsOf('bicubic', [0], { of: { title: 'bicubic', ...plugin } }),
    ];
    expect(labels(table(rows))).toEqual(['bicubic (baseline)', 'bicubic (plug-in 1234abcd)']);
    expect(table(rows).rows.map(({ cells }) => cells[0]!.mean)).toEqual([30, 0]);
  });

  it.each<[string, Partial<MethodInfo>[], string[]]>([
    ['names of one title', [{}, { name: 'b', title: 'A' }], ['A (a)', 'A (b)']],
    ['versions', [{}, { version: 2 }], ['A (version 1)', 'A (version 2)']],
    ['plug-ins', [{}, plugin], ['A', 'A (plug-in 1234abcd)']],
    ['priors', [{ prior }, { prior: { ...prior, name: 'adm' } }], ['A (sd)', 'A (adm)']],
    [
      'weights',
      [{ prior }, { prior: { ...prior, weightsSha256: 'cd'.repeat(32) } }],
      ['A (weights abababab)', 'A (weights cdcdcdcd)'],
    ],
    ['nothing that shows, where one is all there is', [{ version: 7, prior, ...plugin }], ['A']],
  ])('of one title are told apart by %s', (_, methods, expected) => {
    expect(labels(table(methods.flatMap((of) => rowsOf('a', [1], { of }))))).toEqual(expected);
  });

  it('are split into one table for each task, parameters and data set', () => {
    const rows = [
      ...rowsOf('a', [1], { on: { params: { factor: 4 } } }),
      ...rowsOf('a', [1], { on: { params: { factor: 8 } } }),
      ...rowsOf('a', [1], { on: { params: { factor: 8 }, dataset: 'other' } }),
    ];
    const tables = tablesOf(rows);
    expect(tables.map(({ taskParams, dataset }) => [taskParams, dataset])).toEqual([
      [{ factor: 4 }, 'set'],
      [{ factor: 8 }, 'set'],
      [{ factor: 8 }, 'other'],
    ]);
  });
});

describe('columns of the table', () => {
  it('point to the better direction', () => {
    const model = table([...rowsOf('a', [1]), ...rowsOf('a', [1], { metric: 'lpips' })]);
    expect(model.columns.map(({ title, arrow }) => `${title} ${arrow}`)).toEqual(['PSNR ↑', 'LPIPS ↓']);
  });

  it('never mix protocols, and say what sets them apart', () => {
    const model = table([
      ...rowsOf('a', [20]),
      ...rowsOf('b', [30], { protocol: '{"border":4,"range":255}' }),
    ]);
    expect(model.columns.map(({ variant }) => variant)).toEqual(['border=none', 'border=4']);
    expect(model.rows.map(({ cells }) => cells.map((cell) => cell?.mean ?? null))).toEqual([
      [20, null],
      [null, 30],
    ]);
  });

  it('refuse a metric nobody described', () => {
    expect(() => table(rowsOf('a', [1], { metric: 'fid' }))).toThrow('"fid"');
  });
});

describe('ranks', () => {
  it('leave means of draws out beside single draws, and rank them among themselves', () => {
    const drawn = (name: string, value: number, draws: number) =>
      rowsOf(name, [value], { of: { params: draws === 1 ? {} : { meanOfDraws: draws } } });
    const bicubic = rowsOf('bicubic', [9]);
    const mixed = table([...bicubic, ...drawn('a', 20, 1), ...drawn('b', 21, 1), ...drawn('c', 25, 8)]);
    expect(ranks(mixed)).toEqual([null, 'second', 'best', null]);
    expect(comparabilityNotes([mixed])).toContainEqual(expect.stringContaining('C: the pixelwise mean of'));
    const alike = table([...bicubic, ...drawn('b', 24, 8), ...drawn('c', 25, 8)]);
    expect(ranks(alike)).toEqual([null, 'second', 'best']);
    expect(comparabilityNotes([alike])).toEqual([]);
  });

  it('go to the highest or the lowest mean, as the metric wants', () => {
    const of = (metric: string) => [
      ...rowsOf('a', [1], { metric }),
      ...rowsOf('b', [2], { metric }),
      ...rowsOf('c', [3], { metric }),
    ];
    expect(ranks(table(of('psnr')))).toEqual([null, 'second', 'best']);
    expect(ranks(table(of('lpips')))).toEqual(['best', 'second', null]);
  });

  it('are shared by means that print alike', () => {
    expect(ranks(table([...rowsOf('a', [20.001]), ...rowsOf('b', [20.004]), ...rowsOf('c', [19])]))).toEqual([
      'best',
      'best',
      'second',
    ]);
  });

  it('include the trivial baseline', () => {
    expect(ranks(table([...rowsOf('bicubic', [9]), ...rowsOf('a', [8])]))).toEqual(['best', 'second']);
  });

  it('pass over a method that lacks images, however good its mean', () => {
    const model = table([...rowsOf('a', [20, 21, 22]), ...rowsOf('b', [19, 20, 21]), ...rowsOf('c', [90])]);
    expect(ranks(model)).toEqual(['best', 'second', null]);
    expect(model.rows.map(({ cells }) => cells[0]!.complete)).toEqual([true, true, false]);
  });

  it('need someone to compare with', () => {
    expect(ranks(table(rowsOf('a', [20])))).toEqual([null]);
  });
});

describe('what the test leaves open', () => {
  const base = Array.from({ length: 10 }, (_, i) => 20 + 3 * jitter(i));
  const shifted = (shift: number, spread: number) =>
    base.map((value, i) => value + shift + spread * jitter('spread', shift, i));
  const ties = ({ rows }: TableModel) => rows.map(({ cells }) => cells[0]!.tied);

  it('is as good as the best', () => {
    const model = table([
      ...rowsOf('a', shifted(-1, 0.1)),
      ...rowsOf('b', shifted(0.05, 1)),
      ...rowsOf('c', shifted(0.3, 0)),
    ]);
    expect(ranks(model)).toEqual([null, 'second', 'best']);
    expect(ties(model)).toEqual([false, true, false]);
  });

  it('is more where more are compared: one p of 0.03 is none of ten', () => {
    const seven = base.slice(0, 7);
    const best = rowsOf(
      'a',
      seven.map((value, i) => value + (i === 0 ? -0.5 : 1)),
    );
    const rivals = (count: number) =>
      Array.from({ length: count }, (_, i) => rowsOf(`rival-${i}`, seven)).flat();
    expect(ties(table([...best, ...rivals(1)]))).toEqual([false, false]);
    expect(ties(table([...best, ...rivals(2)]))).toEqual([false, true, true]);
    // Of seven pictures no p is below 0.0156: four times that is above 0.05, whatever the pictures show.
    expect(ties(table([...best, ...rivals(4)]))).toEqual([false, false, false, false, false]);
  });

  it('is not marked where the pictures are too few to separate anything', () => {
    expect(ties(table([...rowsOf('a', base.slice(0, 5)), ...rowsOf('b', base.slice(0, 5))]))).toEqual([
      false,
      false,
    ]);
  });

  it('says how many pictures would do, and only there', () => {
    const difference = (values: readonly number[]) =>
      table([...rowsOf('a', base), ...rowsOf('b', values)], 'a').rows[1]!.cells[0]!.difference!;
    expect(difference(shifted(1, 0.1))).toMatchObject({ verdict: 'better', picturesNeeded: null });
    const open = difference(shifted(0.05, 1));
    expect(open.verdict).toBe('open');
    expect(open.picturesNeeded).toBeGreaterThan(10);
  });
});

describe('cells', () => {
  it('average seeds within an image first, and count both', () => {
    const rows = [...rowsOf('a', [10, 20]), ...rowsOf('a', [30], { seed: 1 })];
    expect(table(rows).rows[0]!.cells[0]).toMatchObject({ mean: (20 + 20) / 2, images: 2, seeds: 2 });
  });

  it('hold an interval around the mean', () => {
    const { mean, low, high } = table(rowsOf('a', [18, 19, 20, 21, 22])).rows[0]!.cells[0]!;
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
  });

  it('do not depend on the order of the rows', () => {
    const { rows, ...rest } = makeSource({ compared: sweepMethods, seeds: [0, 1] });
    const shuffled = rows.map((row) => ({ row, at: jitter(row) })).sort((a, b) => a.at - b.at);
    const cells = (of: readonly MetricRow[]) =>
      Object.fromEntries(
        buildTables({ ...rest, rows: of }).flatMap(({ key, rows }) =>
          rows.map(({ method, cells }) => [key + method.key, cells[0]!.low]),
        ),
      );
    const psnr = (of: readonly MetricRow[]) => of.filter(({ metric }) => metric === 'psnr');
    const expected = cells(psnr(rows));
    for (const [key, low] of Object.entries(cells(psnr(shuffled.map(({ row }) => row))))) {
      expect(low).toBeCloseTo(expected[key]!, 10);
    }
  });
});

describe('differences', () => {
  const base = Array.from({ length: 8 }, (_, i) => 20 + 3 * jitter(i));

  it('are paired: a small steady gain counts although the images scatter far more', () => {
    const rows = [
      ...rowsOf('a', base),
      ...rowsOf(
        'b',
        base.map((value, i) => value + 0.2 + 0.01 * jitter('b', i)),
      ),
    ];
    const [reference, gain] = table(rows, 'a').rows;
    expect(reference).toMatchObject({ isReference: true, cells: [{ difference: null }] });
    expect(gain!.cells[0]!.difference).toMatchObject({ images: 8, verdict: 'better' });
    expect(gain!.cells[0]!.difference!.mean).toBeCloseTo(0.2, 1);
  });

  it('count as worse in the wrong direction, also where lower is better', () => {
    const up = base.map((value, i) => value + 1 + 0.01 * jitter('b', i));
    const verdict = (metric: string) =>
      table([...rowsOf('a', base, { metric }), ...rowsOf('b', up, { metric })], 'a').rows[1]!.cells[0]!
        .difference!.verdict;
    expect([verdict('psnr'), verdict('lpips')]).toEqual(['better', 'worse']);
  });

  it('stay open where few images allow no small p', () => {
    const three = base.slice(0, 3);
    const model = table(
      [
        ...rowsOf('a', three),
        ...rowsOf(
          'b',
          three.map((value) => value + 1),
        ),
      ],
      'a',
    );
    expect(model.rows[1]!.cells[0]!.difference).toMatchObject({ verdict: 'open' });
  });

  it('are absent without a baseline, or without a shared image', () => {
    const rows = [...rowsOf('a', [1]), ...rowsOf('b', [2], { item: 'elsewhere' })];
    expect(table(rows).rows.map(({ cells }) => cells[0]!.difference)).toEqual([null, null]);
    expect(table(rows, 'a').rows[1]!.cells[0]!.difference).toBeNull();
  });

  it('refer to one row of a swept solver: by label, or else the first', () => {
    const rows = [1, 2].flatMap((k) => rowsOf('a', [k, k + 1], { of: { params: { k } } }));
    expect(table(rows, 'a').reference?.label).toBe('A (k=1)');
    expect(table(rows, 'A (k=2)').reference?.label).toBe('A (k=2)');
  });
});

describe('infinite values', () => {
  const infinity = Number.POSITIVE_INFINITY;
  const model = table(
    [...rowsOf('a', [1, infinity, 3]), ...rowsOf('b', [4, 5, 6]), ...rowsOf('c', [1, 2, 3])],
    'b',
  );
  const [a, b, c] = model.rows.map(({ cells }) => cells[0]!);

  it('are counted and left out of the mean and its interval', () => {
    expect(a).toMatchObject({ mean: 2, images: 3, values: 3, infinite: 1 });
    expect([a!.low, a!.high]).toEqual([1, 3]);
    expect(b).toMatchObject({ mean: 5, values: 3, infinite: 0 });
  });

  it('take their method out of the ranking and of every comparison', () => {
    expect([a, b, c].map((cell) => cell!.rank)).toEqual([null, 'best', 'second']);
    expect(a!.difference).toBeNull();
    expect(c!.difference).not.toBeNull();
    const ofReference = table([...rowsOf('a', [1, infinity]), ...rowsOf('b', [1, 2])], 'a');
    expect(ofReference.rows.map(({ cells }) => cells[0]!.difference)).toEqual([null, null]);
  });

  it('are the mean where there are no others, without an interval', () => {
    const [only] = table(rowsOf('a', [infinity, infinity])).rows.map(({ cells }) => cells[0]!);
    expect(only).toMatchObject({ mean: infinity, low: Number.NaN, high: Number.NaN, infinite: 2 });
  });
});
