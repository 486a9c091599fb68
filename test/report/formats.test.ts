import { describe, expect, it } from 'vitest';
import { csvTables } from '../../harness/report/csv.ts';
import { renderPage } from '../../harness/report/html/page.ts';
import { terminalTable } from '../../harness/report/index.ts';
import { latexTables } from '../../harness/report/latex.ts';
import { markdownTables } from '../../harness/report/markdown.ts';
import { makeSource } from './fixture.ts';

const WIDE = { styled: false, columns: 200 };
const line = (text: string, start: string) =>
  text.split('\n').find((candidate) => candidate.trim().startsWith(start))!;

describe('the table in a terminal', () => {
  it('marks ranks in plain text where escape codes would be noise', () => {
    const text = terminalTable(makeSource(), WIDE);
    expect(line(text, 'P2L')).toMatch(/\*\d+\.\d\d\* ± \d\.\d\d/);
    expect(line(text, 'PSLD')).toMatch(/_\d+\.\d\d_ ± \d\.\d\d/);
    expect(text).not.toContain('\u001b');
  });

  it('uses bold and underline on a terminal', () => {
    const text = terminalTable(makeSource(), { styled: true, columns: 200 });
    const readable = text.replaceAll('\u001b', 'ESC');
    expect(line(readable, 'P2L')).toMatch(/ESC\[1m\d+\.\d\dESC\[22m/);
    expect(line(readable, 'PSLD')).toMatch(/ESC\[4m\d+\.\d\dESC\[24m/);
  });

  it('says where the baseline has no row, so that nothing is compared with it', () => {
    const said = (baseline: string | null) => terminalTable({ ...makeSource(), baseline }, WIDE);
    expect(said('psld-2')).toMatch(/no Δ on Super-resolution.*: psld-2, the baseline, has no row there/);
    for (const baseline of ['ldps', null]) expect(said(baseline)).not.toContain('no Δ');
  });

  it('shows images and seeds, arrows, the reference and the differences', () => {
    const text = terminalTable(makeSource({ seeds: [0, 1] }), WIDE);
    expect(line(text, 'Method')).toMatch(/N\s+PSNR ↑ \(dB\)\s+Δ LDPS\s+SSIM ↑/);
    expect(line(text, 'LDPS')).toMatch(/8 × 2.*reference/);
    expect(line(text, 'P2L')).toMatch(/\+\d\.\d\d ± \d\.\d\d \(p = 0\.\d{3}\)/);
  });

  it('drops the differences before it breaks lines', () => {
    const text = terminalTable(makeSource(), { styled: false, columns: 80 });
    const drawn = text
      .split('\n')
      .filter((candidate) => candidate.includes('±') && !candidate.includes('mean ±'));
    expect(drawn).toHaveLength(15);
    expect(Math.max(...drawn.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('breaks its notes at spaces where the terminal ends', () => {
    const notes = (text: string) =>
      text.split('\n\n').filter((block) => /^(?:\*best\*|partial|toy)/.test(block));
    const source = makeSource({ cells: { planned: 120, done: 117 } });
    const narrow = notes(terminalTable(source, { styled: false, columns: 80 }));
    expect(
      narrow
        .join('\n')
        .split('\n')
        .every(({ length }) => length <= 80),
    ).toBe(true);
    const differences = '; Δ: paired by image; p: Wilcoxon signed-rank';
    const wide = notes(terminalTable(source, { styled: false, columns: 1000 }));
    expect(narrow.map((note) => note.replaceAll('\n', ' '))).toEqual(
      wide.map((note) => note.replace(differences, '')),
    );
  });

  it('explains the signs that it has, and no others', () => {
    const plain = makeSource();
    expect(terminalTable(plain, WIDE)).toContain('; Δ: paired by image; p: Wilcoxon signed-rank');
    expect(terminalTable(plain, { styled: false, columns: 80 })).not.toContain('Δ');
    const withoutReference = { ...plain, baseline: null };
    for (const text of [terminalTable, markdownTables, latexTables].map((render) =>
      render(withoutReference, WIDE),
    ))
      expect(text).not.toMatch(/Δ|Delta|Wilcoxon|SE: /);
  });

  it('keeps the row of a method that has failed everywhere, with the reason, in every format', async () => {
    const whole = makeSource();
    const psld = whole.methods.find(({ title }) => title === 'PSLD')!;
    const setting = whole.settings[0]!;
    const failed = {
      cell: 'c0',
      method: psld.key,
      setting: setting.key,
      solver: 'psld',
      params: psld.params,
      prior: null,
      task: setting.task,
      taskParams: setting.params,
      item: 'test/0',
      seed: 0,
      kind: 'timeout',
      message: 'is too slow',
      logTail: '',
    };
    const source = {
      ...whole,
      images: [],
      rows: whole.rows.filter((row) => row.method !== psld.key || row.setting !== setting.key),
      failures: [failed, { ...failed, item: 'test/1' }],
    };
    const reason = '2 cells failed, the first (timeout): is too slow';
    const text = terminalTable(source, WIDE);
    expect(line(text, 'PSLD')).toMatch(/^\s*PSLD\S*\s+0\s+—/);
    expect(text).toMatch(
      /PSLD has no result on Super-resolution .*: 2 cells failed, the first \(timeout\): is too slow/,
    );
    for (const table of [markdownTables(source), latexTables(source), await renderPage(source)])
      expect(table).toContain(reason);
    const rows = csvTables(source)
      .split('\r\n')
      .filter((row) => row.includes(reason));
    expect(rows).toHaveLength(whole.metrics.length);
    expect(rows[0]).toMatch(new RegExp(`,${setting.dataset},psld,`));
  });

  it('says that the prior is a toy and that cells are missing', () => {
    const text = terminalTable(makeSource({ cells: { planned: 120, done: 117 } }), WIDE);
    expect(text).toContain('toy prior (embedded)');
    expect(text).toContain('117 of 120 cells');
  });

  it('says what has seen the pictures, as the other formats do', () => {
    const source = { ...makeSource(), seen: ['prior embedded was trained on them'] };
    for (const text of [terminalTable(source, WIDE), latexTables(source), markdownTables(source)])
      expect(text).toContain('prior embedded was trained on them');
  });

  it('lets no name steer the terminal', () => {
    const { settings, ...rest } = makeSource();
    const text = terminalTable(
      { ...rest, settings: settings.map((setting) => ({ ...setting, dataset: 'x\u001b[2Jx' })) },
      WIDE,
    );
    expect(text).not.toContain('\u001b');
  });
});

describe('other formats', () => {
  const odd = makeSource({
    compared: [{ solver: 'ldps', title: 'A_50% & |B| <x>', params: {}, psnr: 20 }],
  });

  it('LaTeX has booktabs rules, ranks, and escapes names', () => {
    const text = latexTables(makeSource());
    expect(text).toContain('\\toprule');
    expect(line(text, 'P2L')).toContain('\\textbf{');
    expect(line(text, 'PSLD')).toContain('\\underline{');
    expect(text).toContain('toy prior (embedded)');
    expect(latexTables(odd)).toContain(
      'A\\_50\\% \\& \\textbar{}B\\textbar{} \\textless{}x\\textgreater{} &',
    );
  });

  it('Markdown has ranks and escapes names', () => {
    const text = markdownTables(makeSource());
    expect(line(text, '| P2L')).toMatch(/\*\*\d+\.\d\d\*\*/);
    expect(line(text, '| PSLD')).toMatch(/<u>\d+\.\d\d<\/u>/);
    expect(markdownTables(odd)).toContain('| A\\_50% \\& \\|B\\| \\<x\\> |');
  });

  it('CSV has one line a cell, at full precision, with quoted JSON', () => {
    const lines = csvTables(makeSource()).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + 3 * 5 * 2);
    expect(lines[1]).toMatch(
      /^super-resolution,"\{""factor"":8,""noise"":0\.01\}",toyfaces,bicubic,\{\},psnr,/,
    );
  });
});

describe('what became of pictures', () => {
  const plain = makeSource();
  const psld = plain.methods.find(({ name }) => name === 'psld')!.key;
  const source = {
    ...plain,
    rows: plain.rows.map((row) => ({
      ...row,
      protocol: JSON.stringify({ ...JSON.parse(row.protocol), truths: 'in CMYK, converted to sRGB' }),
      ...(row.method === psld && row.metric === 'psnr' && row.item === 'test/00000'
        ? { value: Number.POSITIVE_INFINITY }
        : {}),
    })),
  };

  it('stands below the tables: how the truths were read, and that infinite values are left out', () => {
    for (const text of [terminalTable(source, WIDE), markdownTables(source)]) {
      expect(text).toContain('there are truths in CMYK, converted to sRGB');
      expect(text).toContain(
        '∞: equal pictures; a mean leaves infinite values out, and is then neither ranked nor compared',
      );
    }
    expect(terminalTable(plain, WIDE)).not.toMatch(/∞|truths/);
  });

  it('and beside the mean stands how many', () => {
    expect(line(terminalTable(source, WIDE), 'PSLD')).toMatch(
      / \d+\.\d\d \(7 finite of 8; 1 ∞\) ± \d\.\d\d +— /,
    );
  });

  it('CSV counts them, and leaves empty what is not known', () => {
    const [head, ...lines] = csvTables(source)
      .trim()
      .split('\r\n')
      .map((text) => text.replaceAll(/"(?:[^"]|"")*"/g, 'quoted').split(','));
    const psld = lines.find((cells) => cells.includes('psld') && cells.includes('psnr'))!;
    const cell = (name: string) => psld[head!.indexOf(name)];
    expect([cell('infinite'), cell('images'), cell('difference'), cell('p')]).toEqual(['1', '8', '', '']);
    expect(csvTables(makeSource({ items: 1 }))).not.toContain('NaN');
  });
});

describe('few pictures', () => {
  it.each([
    [1, 'of 1 picture there is no interval, and no test: p is 1'],
    [
      2,
      "2 pictures are few: an interval is from the least picture's value to the greatest, and p is 0.5 at least",
    ],
    [5, '5 pictures are few: p is 0.0625 at least (6 pictures can have p < 0.05)'],
  ])('%i: every format says what they cannot tell', async (items, note) => {
    const source = makeSource({ items });
    const page = await renderPage(source);
    for (const text of [
      terminalTable(source, WIDE),
      markdownTables(source).replaceAll('\\', ''),
      latexTables(source).replaceAll('\\textless{}', '<').replaceAll("{'}", "'"),
      page.replaceAll('&#39;', "'").replaceAll('&lt;', '<'),
    ])
      expect(text).toContain(note);
  });

  it('6 can tell two rows apart, and nothing is said; of five rows Holm leaves none', () => {
    const compared = [{ solver: 'ldps', params: {}, psnr: 21 }];
    expect(terminalTable(makeSource({ items: 6, compared }), WIDE)).not.toContain('few');
    expect(terminalTable(makeSource({ items: 6 }), WIDE).replace(/\s+/g, ' ')).toContain(
      "6 pictures are too few to separate 5 rows from the best (Holm's adjustment): no ≈ is set",
    );
  });
});

describe('what the test does not separate from the best', () => {
  const source = makeSource({
    compared: [
      { solver: 'ldps', params: {}, psnr: 20 },
      { solver: 'psld', params: {}, psnr: 22.1 },
      { solver: 'p2l', params: {}, psnr: 22.15 },
    ],
  });

  it('has a sign, explained once', async () => {
    const page = await renderPage(source);
    for (const text of [terminalTable(source, WIDE), markdownTables(source), latexTables(source), page])
      expect(text.replace(/\s+/g, ' ')).toMatch(/(?:≈|approx\$): not separated from the best of its column/);
    expect(line(terminalTable(source, WIDE), 'PSLD')).toMatch(/≈ ± /);
    expect(page).toContain('>≈</abbr>');
    expect(terminalTable(makeSource({ items: 5 }), WIDE)).not.toContain('≈');
  });
});

describe('methods that were told the captions', () => {
  const NOTE = "had the pictures' captions";
  const own = { from: 'caption' };
  const source = makeSource({
    compared: [
      { solver: 'ldps', params: { prompt: '' }, psnr: 20 },
      { solver: 'ldps', params: { prompt: 'caption' }, psnr: 21 },
      { solver: 'ldps', params: { prompt: own }, psnr: 22 },
      { solver: 'p2l', params: { promptInit: own }, psnr: 23 },
    ],
  });

  it('have a mark and the prompt in their names, also where that sets no row apart', () => {
    const text = terminalTable(source, WIDE);
    expect(text).toContain(' LDPS (prompt="") ');
    expect(text).toContain(' LDPS (prompt=caption) ');
    expect(text).toContain(' LDPS‡ (prompt=caption) ');
    expect(text).toContain(' P2L‡ (promptInit=caption) ');
  });

  it('are explained once below, in each format', async () => {
    const html = await renderPage(source);
    for (const text of [terminalTable(source, WIDE), markdownTables(source), html.replaceAll('&#39;', "'")])
      expect(text).toContain(`‡ ${NOTE}`);
    const latex = latexTables(source);
    expect(latex).toContain("$^\\ddagger$ had the pictures{'} captions");
    expect(latex).toContain('LDPS$^\\ddagger$ (prompt=caption) &');
    for (const text of [terminalTable(makeSource(), WIDE), markdownTables(makeSource())])
      expect(text).not.toMatch(/‡|captions/);
  });

  it('are told apart by a column of CSV', () => {
    const [head, ...lines] = csvTables(source).trim().split('\r\n');
    expect(head).toMatch(/,captions,reason$/);
    const told = lines.filter((text) => text.endsWith(',true,'));
    expect(told).toHaveLength(3 * 2 * 2);
    for (const text of told) expect(text).toContain('{""from"":""caption""}');
    expect(lines.filter((text) => text.endsWith(',false,'))).toHaveLength(3 * 3 * 2);
  });
});
