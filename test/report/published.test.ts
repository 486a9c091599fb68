/** Published figures beside ours: what is joined to what, and what is said of it. */
import { describe, expect, it } from 'vitest';
import { builtIn } from '../../harness/plan/built-in.ts';
import type { Paper } from '../../harness/published/paper.ts';
import { readPaper } from '../../harness/published/read.ts';
import { csvTables } from '../../harness/report/csv.ts';
import { renderPage } from '../../harness/report/html/page.ts';
import { terminalTable } from '../../harness/report/index.ts';
import { latexTables } from '../../harness/report/latex.ts';
import { markdownTables } from '../../harness/report/markdown.ts';
import { buildPublished } from '../../harness/report/published-model.ts';
import type { ReportSource } from '../../harness/report/source.ts';
import type { MetricRow, SettingRow } from '../../harness/store/rows.ts';
import { makeSource, methodOf, namedIn, settingOf } from './fixture.ts';

const PRIOR = {
  name: 'guided-diffusion',
  version: 1,
  params: {},
  weightsSha256: 'ab'.repeat(32),
  toy: false,
};
const RANDOM = { ...PRIOR, params: { random: true } };
const TOY = { ...PRIOR, toy: true };

const SR4 = {
  task: 'super-resolution',
  title: 'Super-resolution',
  params: { factor: 4, noise: 0.05 },
  dataset: 'ffhq256',
  imageShape: [3, 256, 256],
} as const;

const LPIPS = JSON.stringify({ backbone: 'torchvision vgg16' });

/** A report of DPS on two pictures: PSNR 25 and 27, LPIPS 0.2 and 0.3. */
function reportOf(
  papers: readonly string[],
  { prior = PRIOR, ...setting }: Partial<SettingRow> & { prior?: typeof PRIOR } = {},
): ReportSource {
  const where = settingOf({ ...SR4, ...setting }).key;
  const method = methodOf({ name: 'dps', prior }).key;
  const row = (metric: string, protocol: string, ...values: number[]): MetricRow[] =>
    values.map((value, i) => ({
      method,
      setting: where,
      item: String(i),
      seed: 0,
      metric,
      version: 1,
      protocol,
      value,
    }));
  const rows = [...row('psnr', '{}', 25, 27), ...row('lpips-vgg', LPIPS, 0.2, 0.3)];
  return makeSource({
    rows,
    ...namedIn(rows),
    costs: [{ method, setting: where, images: 2, secondsPerImage: 1, calls: { unetForward: 50 } }],
    priors: [],
    metrics: [
      { name: 'psnr', title: 'PSNR', better: 'higher', digits: 2, unit: 'dB' },
      { name: 'lpips-vgg', title: 'LPIPS (VGG)', better: 'lower', digits: 3 },
    ],
    published: { papers: papers.map((id) => readPaper(id, builtIn)), problems: [] },
  });
}

const rowsOf = (source: ReportSource) =>
  buildPublished(source).tables.flatMap(({ of, rows }) => (of ? rows : []));
const figureOf = (source: ReportSource, method: string, metric: string) =>
  rowsOf(source).find(({ figure }) => figure.method === method && figure.metric === metric)!;

describe('a figure and a row of ours', () => {
  it('stand side by side with the gap and its interval', () => {
    const { ours, gap, figure } = figureOf(reportOf(['dps-2023']), 'DPS', 'PSNR');
    expect(figure.value).toBe(25.67);
    expect(ours).toMatchObject({ mean: 26, metric: 'PSNR' });
    expect(gap!.mean).toBeCloseTo(26 - 25.67, 10);
    expect(gap!.low).toBeCloseTo(ours!.low - 25.67, 10);
    expect(gap!.high).toBeCloseTo(ours!.high - 25.67, 10);
  });

  it('come with what differs first, then with what is unknown', () => {
    expect(figureOf(reportOf(['dps-2023']), 'DPS', 'LPIPS').remark).toBe(
      'differs: pictures 1,000, here 2; network evaluations 1,000, here 50; ' +
        'sigma 0.05, in [0,1] by its text and in [-1,1] by its code, here 0.05 in [-1,1]. ' +
        'unknown: best of how many. sigma_y = 0.05',
    );
  });

  it('of noise told in [0,1] compare twice its sigma with ours', () => {
    const noisy = (noise: number) =>
      rowsOf(reportOf(['diffpir-2023'], { params: { factor: 4, noise } }))
        .filter(({ figure }) => figure.method === 'DPS (1000)' && figure.metric === 'PSNR')
        .map(({ remark }) => remark.split(/: |; |\. /).find((part) => part.startsWith('sigma ')) ?? 'equal');
    expect(noisy(0.1)).toEqual(['equal', 'sigma 0, here 0.1']);
    expect(noisy(0.05)).toEqual(['sigma 0.05 in [0,1], here 0.05 in [-1,1]', 'sigma 0, here 0.05']);
  });

  it('of a blur tell its sigma from the noise’s', () => {
    const blur = { task: 'gaussian-deblurring', params: { kernelSize: 61, sigma: 2, noise: 0.05 } };
    const remarks = rowsOf(reportOf(['dps-2023'], blur)).map(({ remark }) => remark);
    expect(remarks.length).toBeGreaterThan(0);
    for (const remark of remarks) expect(remark).toMatch(/differs: .*kernel's sigma 3, here 2/);
  });

  it('a scale of 100 is the figure’s, so ours is shown so', () => {
    const paper = readPaper('dps-2023', builtIn);
    const times100: Paper = {
      ...paper,
      figures: paper.figures.map((figure) => ({ ...figure, value: 100 * figure.value, scale: 100 })),
    };
    const source = { ...reportOf([]), published: { papers: [times100], problems: [] } };
    expect(figureOf(source, 'DPS', 'LPIPS')).toMatchObject({ ours: { mean: 25, digits: 1 } });
  });

  it('a method or a metric that was not run here is shown all the same', () => {
    const source = reportOf(['dps-2023']);
    expect(figureOf(source, 'PnP-ADMM', 'PSNR')).toMatchObject({ ours: null, gap: null });
    expect(figureOf(source, 'DPS', 'FID')).toMatchObject({ ours: null, gap: null });
    expect(figureOf(source, 'DPS', 'FID').remark).toContain('unknown: best of how many, reference of FID');
    expect(rowsOf(source)).toHaveLength(24);
  });
});

describe('a figure of no one task', () => {
  it('is shown for its data set and size, and held against nothing', () => {
    const { tables } = buildPublished(reportOf(['dps-2023']));
    const { title, rows } = tables.find(({ of }) => of === null)!;
    expect(title).toBe('of no one task, ffhq256');
    expect(rows.map(({ figure, ours, gap }) => [figure.method, figure.value, ours, gap])).toEqual([
      ['DPS', 78.5, null, null],
      ['DDRM', 2.03, null, null],
      ['MCG', 80.1, null, null],
      ['Score-SDE', 36.7, null, null],
    ]);
    expect(terminalTable(reportOf(['dps-2023']))).toMatch(/Score-SDE .* 36\.7 .* not compared/);
  });
});

describe('a figure of another setting is not shown', () => {
  it.each<[string, Partial<SettingRow>]>([
    ['data set', { dataset: 'celeba' }],
    ['size', { imageShape: [3, 64, 64] }],
    ['factor', { params: { factor: 8, noise: 0.05 } }],
    ['task', { task: 'denoising', params: { noise: 0.05 } }],
  ])('%s', (_, setting) => {
    expect(rowsOf(reportOf(['dps-2023'], setting))).toEqual([]);
  });

  it('and a paper that has none at all is named', () => {
    expect(buildPublished(reportOf(['dps-2023'], { dataset: 'celeba' }))).toEqual({
      tables: [],
      notes: ['dps-2023: has no figure for these data sets, sizes and tasks'],
    });
  });

  it.each(['ffhq', 'FFHQ', 'ffhq-256', 'ffhq_256'])('but %s is FFHQ', (dataset) => {
    expect(rowsOf(reportOf(['dps-2023'], { dataset }))).toHaveLength(24);
  });
});

describe('priors that show nothing of methods', () => {
  it('a toy never stands beside a figure, and a sentence says so', () => {
    expect(buildPublished(reportOf(['dps-2023'], { prior: TOY }))).toEqual({
      tables: [],
      notes: ['guided-diffusion: a toy prior, whose rows never stand beside published figures'],
    });
  });

  it('random weights do, without a gap', async () => {
    const source = reportOf(['dps-2023'], { prior: RANDOM });
    expect(figureOf(source, 'DPS', 'PSNR')).toMatchObject({
      ours: { mean: 26, randomWeights: true },
      gap: null,
    });
    const page = await renderPage(source);
    expect(page).toContain('<strong>Random weights</strong> guided-diffusion');
    const texts = [terminalTable(source), markdownTables(source), latexTables(source), page];
    for (const text of texts) {
      expect(text).toContain('random weights, shown beside published figures without a gap');
      expect(text).toMatch(/26\.00.{0,30}random weights/);
    }
  });
});

describe('every output', () => {
  it('has the figures, ours, the gap and the notes', async () => {
    const source = reportOf(['dps-2023', 'p2l-2024']);
    const page = await renderPage(source);
    const texts = [
      terminalTable(source, { styled: false, columns: 400 }),
      markdownTables(source),
      latexTables(source),
    ];
    for (const text of [...texts, page]) {
      expect(text).toContain('25.67');
      expect(text).toContain('not run here');
      expect(text).toMatch(/differs: pictures 1,000, here 2; network evaluations 1,000, here 50/);
      expect(text).toMatch(/P2L: its own tables were not found/);
    }
    expect(page).toContain('Published beside reproduced');
  });

  it('as CSV: lines of a kind of their own', () => {
    const [head, ...lines] = csvTables(reportOf(['dps-2023']))
      .trim()
      .split('\r\n');
    expect(head).toMatch(
      /,paper,paper_table,first_hand,own_method,ours_method_key,ours,ours_low,ours_high,gap,/,
    );
    expect(lines.filter((line) => line.includes(',published,'))).toHaveLength(28);
    expect(csvTables(reportOf([])).split('\r\n')[0]).not.toContain('paper');
  });

  it('without papers has nothing of it', async () => {
    const source = reportOf([]);
    expect(buildPublished(source)).toEqual({ tables: [], notes: [] });
    expect(await renderPage(source)).not.toContain('Published beside');
  });
});
