import { describe, expect, it } from 'vitest';
import { csvTables } from '../../harness/report/csv.ts';
import { renderPage } from '../../harness/report/html/page.ts';
import { latexTables } from '../../harness/report/latex.ts';
import { markdownTables } from '../../harness/report/markdown.ts';
import type { ReportSource } from '../../harness/report/source.ts';
import { buildTables } from '../../harness/report/table-model.ts';
import { terminalTable } from '../../harness/report/terminal-table.ts';
import type { SetRow } from '../../harness/store/rows.ts';
import { makeSource } from './fixture.ts';

const FEW = 'fid-toy of 8 pictures: too few';
const TOY = '{"backbone":"toy","generated":8,"toy":true}';

/** A set's number for two methods of the fixture's first task. */
function setRow(solver: string, value: number, overrides: Partial<SetRow> = {}): SetRow {
  const { rows, methods } = makeSource();
  const { key } = methods.find(({ name }) => name === solver)!;
  const { method, setting } = rows.find((row) => row.method === key)!;
  return {
    method,
    setting,
    metric: 'fid-toy',
    version: 1,
    protocol: TOY,
    value,
    standardError: 1.5,
    replicates: [value - 2, value + 2],
    warnings: [FEW],
    images: 8,
    seeds: 1,
    ...overrides,
  };
}

function sourceWith(setRows: readonly SetRow[], overrides: Partial<ReportSource> = {}): ReportSource {
  const source = makeSource();
  const fid = { name: 'fid-toy', title: 'FID-toy', better: 'lower', digits: 1 } as const;
  return { ...source, setRows, metrics: [...source.metrics, fid], ...overrides };
}

const both = [setRow('ldps', 30), setRow('p2l', 20, { replicates: [17, 23] })];
const cellOf = (source: ReportSource, solver: string) => {
  const [table] = buildTables(source);
  const column = table!.columns.findIndex(({ metric }) => metric === 'fid-toy');
  return table!.rows.find(({ method }) => method.solver === solver)!.cells[column]!;
};

describe("a set's number in the table", () => {
  it('stands in a column of its own, with N and standard error', () => {
    const [table] = buildTables(sourceWith(both));
    expect(table!.columns.map(({ metric, ofSets, toy }) => [metric, ofSets, toy])).toEqual([
      ['psnr', false, false],
      ['ssim', false, false],
      ['fid-toy', true, true],
    ]);
    expect(cellOf(sourceWith(both), 'p2l')).toMatchObject({
      mean: 20,
      standardError: 1.5,
      images: 8,
      seeds: 1,
      rank: 'best',
    });
    expect(cellOf(sourceWith(both), 'psld')).toBeNull();
  });

  it("has a difference whose error is the jackknife's of the blocks that both lose together", () => {
    // Block by block p2l - ldps is -11 and -9: sqrt(1/2 (1 + 1)) = 1.
    const { difference } = cellOf(sourceWith(both), 'p2l');
    expect(difference).toMatchObject({ mean: -10, verdict: 'better' });
    expect(difference!.high - difference!.low).toBeCloseTo(2 * 1.96, 10);
  });

  it('has no error where one picture leaves nothing to delete', () => {
    const alone = [setRow('ldps', 30), setRow('p2l', 20, { standardError: null, replicates: [] })];
    const cell = cellOf(sourceWith(alone), 'p2l');
    expect(cell.low).toBeNaN();
    expect(cell.difference).toMatchObject({ mean: -10, verdict: 'open' });
  });

  it.each([
    [
      'another number of pictures',
      { protocol: '{"backbone":"toy","generated":4,"toy":true}' },
      'generated=4',
    ],
    ['another version', { version: 2 }, 'version=2'],
  ])('of %s stands in another column, which says what differs', (_, overrides, variant) => {
    const [table] = buildTables(sourceWith([setRow('ldps', 30), setRow('p2l', 20, overrides)]));
    const columns = table!.columns.filter(({ metric }) => metric === 'fid-toy');
    expect(columns.map((column) => column.variant)).toContain(variant);
    expect(new Set(columns.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    expect(table!.rows.every(({ cells }) => cells.filter((c) => c?.rank).length <= 2)).toBe(true);
  });

  it('may be all there is', () => {
    expect(buildTables(sourceWith(both, { rows: [] }))[0]!.rows).toHaveLength(2);
  });
});

describe('every format', () => {
  const terminal = { styled: false, columns: Number.POSITIVE_INFINITY };
  it.each([
    ['the terminal', (source: ReportSource) => terminalTable(source, terminal), '*20.0* (SE 1.5)'],
    ['Markdown', markdownTables, '**20.0** (SE 1.5)'],
    ['LaTeX', latexTables, '\\textbf{20.0} (SE 1.5)'],
    ['HTML', renderPage, '<span class="value">20.0</span><span class="interval">SE 1.5</span>'],
  ])('%s shows value and standard error, the warning and that it is a toy', async (_, render, value) => {
    const text = await render(sourceWith(both));
    expect(text).toContain(value);
    expect(text.replaceAll('\\', '')).toContain(FEW);
    expect(text).toMatch(
      /FID-toy: asks a small network trained on toyfaces; comparable only within this table/,
    );
  });

  it('CSV has them at full precision, with version and fingerprint', () => {
    const [head, ...lines] = csvTables(sourceWith(both)).split('\r\n');
    const line = lines.find((candidate) => candidate.includes('p2l') && candidate.includes('fid-toy'))!;
    expect(head).toContain(
      'metric,version,fingerprint,protocol,better,mean,low,high,standard_error,images,seeds',
    );
    expect(line).toMatch(/,fid-toy,1,[0-9a-f]{12},.*,lower,20,17\.06,22\.94,1\.5,8,1,/);
  });
});
