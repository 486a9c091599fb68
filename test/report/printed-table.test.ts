import { describe, expect, it } from 'vitest';
import { csvTables } from '../../harness/report/csv.ts';
import { renderPage } from '../../harness/report/html/page.ts';
import { jsonTables } from '../../harness/report/json.ts';
import { latexTables } from '../../harness/report/latex.ts';
import { markdownTables } from '../../harness/report/markdown.ts';
import { parquetTables } from '../../harness/report/parquet.ts';
import { EVERYTHING, overviews, printedTables, sideBySide } from '../../harness/report/printed-table.ts';
import type { ReportSource } from '../../harness/report/source.ts';
import { recordsOf } from '../../harness/report/table-records.ts';
import { terminalTable } from '../../harness/report/terminal-table.ts';
import { demoMethods, makeSource } from './fixture.ts';

const GROUPS = { ldps: 'latent', 'gml-dps': 'latent', psld: 'pixel', p2l: 'trained' } as const;
const grouped = demoMethods.map((method) => ({
  ...method,
  group: GROUPS[method.solver as keyof typeof GROUPS],
}));
const source = makeSource({ compared: grouped });
const asking = (table: Partial<typeof EVERYTHING>, of: ReportSource = source): ReportSource => ({
  ...of,
  tables: [{ ...EVERYTHING, ...table }],
});
const labels = (of: ReportSource) =>
  printedTables(of).map(({ sections }) =>
    sections.map(({ title, rows }) => [title, ...rows.map(({ label }) => label)]),
  );

describe('rows', () => {
  it('stand in groups, in their order, the trivial baseline before them', () => {
    expect(labels(source)[0]).toEqual([
      [null, 'bicubic'],
      ['Pixel diffusion', 'PSLD'],
      ['Latent diffusion', 'LDPS', 'GML-DPS'],
      ['Trained for the task', 'P2L'],
    ]);
  });

  it('have no headings where all are of one group, or of none', () => {
    const latent = demoMethods.map((method) => ({ ...method, group: 'latent' as const }));
    for (const of of [makeSource(), makeSource({ compared: latent })])
      expect(labels(of)[0]!.map(([title]) => title)).toEqual([null]);
  });

  it('of nobody knows what stand last', () => {
    const [first, ...others] = grouped;
    expect(labels(makeSource({ compared: [{ ...first!, group: null }, ...others] }))[0]!.at(-1)).toEqual([
      'Others',
      'LDPS',
    ]);
  });
});

describe('a table that is asked for', () => {
  it('has the tasks, metrics and methods that it names, in its order', () => {
    const [table] = printedTables(
      asking({
        tasks: ['box-inpainting', 'super-resolution'],
        metrics: ['ssim'],
        methods: ['p2l', 'LDPS'],
        groups: false,
      }),
    );
    expect(table!.blocks.map(({ headings }) => headings)).toEqual([['Box inpainting'], ['Super-resolution']]);
    expect(table!.blocks.flatMap(({ table }) => table.columns.map(({ metric }) => metric))).toEqual([
      'ssim',
      'ssim',
    ]);
    expect(table!.sections[0]!.rows.map(({ label }) => label)).toEqual(['Trivial baseline', 'P2L', 'LDPS']);
  });

  it('ranks what it shows, and nothing else', () => {
    const [table] = printedTables(asking({ tasks: ['super-resolution'], methods: ['ldps', 'gml-dps'] }));
    const rows = table!.sections.flatMap(({ rows }) => rows);
    expect(rows.map(({ label, parts }) => [label, parts[0]!.cells[0]!.rank])).toEqual([
      ['bicubic', null],
      ['LDPS', 'second'],
      ['GML-DPS', 'best'],
    ]);
  });

  it('stands below its own title, with numbers behind the names that its notes are of', () => {
    const of = asking({
      title: 'All on toyfaces',
      footnotes: [
        { method: 'p2l', text: 'five updates of the prompt' },
        { method: null, text: 'of 64 x 64 pictures' },
      ],
    });
    const text = markdownTables(of);
    expect(text).toMatch(/^### All on toyfaces\n/);
    expect(text).toContain('| P2L \\[1\\] |');
    expect(text).toContain('\n\n\\[1\\] five updates of the prompt\n\nNote: of 64 x 64 pictures\n\n');
  });

  it('has half intervals where it asks for them', () => {
    const row = (text: string) => text.split('\n').find((line) => line.startsWith('| P2L'))!;
    expect(row(markdownTables(asking({})))).not.toContain('±');
    expect(row(markdownTables(asking({ intervals: true }))).match(/±/g)).toHaveLength(6);
  });

  it('names the experiments over all where their data sets do not tell them apart', () => {
    const others = new Map([['second', { ...source, experiment: 'second' }]]);
    const keys = { experiments: ['made-up fixture', 'second'], tasks: ['super-resolution'] };
    const [table] = printedTables(asking(keys, { ...source, others }));
    expect(table!.blocks.map(({ headings }) => headings)).toEqual([
      ['made-up fixture', 'Super-resolution'],
      ['second', 'Super-resolution'],
    ]);
    const told = new Set(recordsOf(table!).map(({ experiment }) => experiment));
    expect([...told]).toEqual(['made-up fixture', 'second']);
  });

  it('says N of many columns as a range, and below what each task has', () => {
    const short = (task: string) => source.settings.find((setting) => setting.task === task)!.key;
    const rows = source.rows.filter(
      ({ setting, method, item }) =>
        !(setting === short('box-inpainting') && method.includes('"ldps"') && item === 'test/00001'),
    );
    const text = markdownTables(asking({}, { ...source, rows }));
    const whole = text.split('\n').find((line) => line.startsWith('| P2L'))!;
    const partial = text.split('\n').find((line) => line.startsWith('| LDPS'))!;
    const n = whole.split(' | ')[1]!;
    expect(partial.split(' | ')[1]).toMatch(new RegExp(`^\\S+† to ${n}$`));
    expect(text).toMatch(
      new RegExp(`N of LDPS: ${n} in Super-resolution; ${n} in Gaussian deblur; \\S+† in Box inpainting`),
    );
  });

  it('puts experiments side by side, rows of one label in one line, data sets over their tasks', () => {
    const other = makeSource({ compared: grouped.slice(0, 2) });
    const settings = other.settings.map((setting) => ({ ...setting, dataset: 'imagenet' }));
    const of = asking(
      { experiments: ['made-up fixture', 'second', 'third'], tasks: ['super-resolution'] },
      { ...source, others: new Map([['second', { ...other, experiment: 'second', settings }]]) },
    );
    const [table] = printedTables(of);
    expect(table!.blocks.map(({ headings }) => headings)).toEqual([
      ['toyfaces', 'Super-resolution'],
      ['imagenet', 'Super-resolution'],
    ]);
    const rows = table!.sections.flatMap(({ rows }) => rows);
    expect(rows.find(({ label }) => label === 'P2L')!.parts.map((part) => part !== null)).toEqual([
      true,
      false,
    ]);
    expect(table!.footnotes).toEqual(['Note: experiment third has no results here']);
  });
});

describe('every format prints it', () => {
  const wide = asking({ title: 'All tasks', metrics: ['psnr'] });

  it('in a terminal and in Markdown, each column under the name of its task', () => {
    for (const text of [terminalTable(wide, { styled: false, columns: 300 }), markdownTables(wide)]) {
      expect(text).toMatch(/Super-resolution PSNR ↑ \(dB\).*Gaussian deblur PSNR.*Box inpainting PSNR/);
      expect(text).toContain('Pixel diffusion');
    }
  });

  it('in LaTeX, tasks over their columns and names as high as both', () => {
    const lines = latexTables(wide).split('\n');
    expect(lines[0]).toBe('% \\usepackage{booktabs,multirow}');
    expect(lines).toContain(
      '    \\multirow{2}{*}{Method} & \\multirow{2}{*}{N} & \\multicolumn{1}{c}{Super-resolution} & ' +
        '\\multicolumn{1}{c}{Gaussian deblur} & \\multicolumn{1}{c}{Box inpainting} \\\\',
    );
    expect(lines).toContain('    \\cmidrule(lr){3-3} \\cmidrule(lr){4-4} \\cmidrule(lr){5-5}');
    expect(lines).toContain('    \\multicolumn{5}{l}{\\textit{Latent diffusion}} \\\\');
  });

  it('in HTML, in place of the overview', async () => {
    const page = await renderPage(wide);
    expect(page).toContain('<section id="tables"><h2>Tables</h2>');
    expect(page).not.toContain('id="overview"');
    expect(page).toContain('<th class="group" colspan="1" scope="colgroup">Gaussian deblur</th>');
    expect(page).toContain('<tr class="band"><th colspan="4" scope="rowgroup">Pixel diffusion</th></tr>');
    expect(await renderPage(source)).toContain('<section id="overview"><h2>Overview</h2>');
  });

  const cells = (of: ReportSource) =>
    JSON.parse(jsonTables(of)).tables.flatMap((table: { cells: unknown[] }) => table.cells) as Record<
      string,
      unknown
    >[];

  it('as JSON, each number with what it is of, and with how many pictures would show an open difference', () => {
    const all = cells(source);
    expect(all).toHaveLength(3 * 5 * 2);
    const mine = all.find(({ method, metric }) => method === 'p2l' && metric === 'psnr')!;
    const [table] = printedTables(source);
    const row = table!.sections.flatMap(({ rows }) => rows).find(({ label }) => label === 'P2L')!;
    expect(mine).toMatchObject({
      task: 'super-resolution',
      task_params: { factor: 8, noise: 0.01 },
      mean: row.parts[0]!.cells[0]!.mean,
      rank: 'best',
      reference: 'LDPS',
      group: 'trained',
    });
    const open = makeSource({ items: 4 });
    for (const { difference, images_needed } of cells(open))
      if (difference) expect(images_needed).toBeGreaterThanOrEqual(6);
    expect(JSON.parse(jsonTables(open)).notes.join()).toContain('4 pictures are few');
  });

  it('as CSV and Parquet, the same records', async () => {
    const records = cells(wide);
    expect(csvTables(wide).trim().split('\r\n')).toHaveLength(1 + records.length);
    const { parquetReadObjects } = await import('hyparquet');
    const file = Uint8Array.from(await parquetTables(wide)).buffer;
    const rows = await parquetReadObjects({ file });
    expect(rows.map(({ method, mean }) => [method, mean])).toEqual(
      records.map(({ method, mean }) => [method, mean]),
    );
  });
});

describe('the overview', () => {
  const named = (of: ReportSource) =>
    overviews(of).map(({ title, blocks, sections }) => ({
      title,
      tasks: blocks.map(({ headings, table }) => headings.at(-1) ?? table.title),
      rows: sections.flatMap(({ rows }) => rows.map(({ label }) => label)),
    }));

  it('is every setting in one table, its rows named once', () => {
    expect(named(source)).toEqual([
      {
        title: 'Methods to restore',
        tasks: ['Super-resolution', 'Gaussian deblur', 'Box inpainting'],
        rows: ['Trivial baseline', 'PSLD', 'LDPS', 'GML-DPS', 'P2L'],
      },
    ]);
    expect(overviews(source)[0]).toEqual({ ...sideBySide(EVERYTHING, source), title: 'Methods to restore' });
  });

  // Two settings to restore with all rows but P2L's, and between them one to edit with that row alone.
  const [first, second, third] = source.settings;
  const settings = [first!, { ...second!, kind: 'edit' as const }, third!];
  const p2l = source.methods.find(({ name }) => name === 'p2l')!;
  const mixed = {
    ...source,
    settings,
    rows: source.rows.filter(({ setting, method }) => (setting === second!.key) === (method === p2l.key)),
  };

  it('is a table a kind of task, none with rows of another kind', () => {
    expect(named(mixed)).toEqual([
      {
        title: 'Methods to restore',
        tasks: ['Super-resolution', 'Box inpainting'],
        rows: ['Trivial baseline', 'PSLD', 'LDPS', 'GML-DPS'],
      },
      { title: 'Methods to edit', tasks: ['Gaussian deblur'], rows: ['P2L'] },
    ]);
  });

  it('names the kinds on the page where there are several', async () => {
    const headings = (page: string) => page.match(/<h3>Methods to [a-z]+<\/h3>/g);
    expect(headings(await renderPage(mixed))).toEqual([
      '<h3>Methods to restore</h3>',
      '<h3>Methods to edit</h3>',
    ]);
    expect(headings(await renderPage(source))).toBeNull();
  });

  it('of several kinds leaves a table that is asked for as it is asked for', () => {
    expect(printedTables(asking({}, mixed)).map(({ blocks }) => blocks.length)).toEqual([3]);
  });
});
