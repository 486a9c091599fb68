/** What the shipped experiments of papers show of published figures, whatever weights they are run with. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../harness/cli/package-info.ts';
import { readConfig } from '../../harness/config/read.ts';
import { builtIn } from '../../harness/plan/built-in.ts';
import { readExperiment } from '../../harness/plan/experiment.ts';
import { readPaper } from '../../harness/published/read.ts';
import { renderPage } from '../../harness/report/html/page.ts';
import { buildPublished } from '../../harness/report/published-model.ts';
import type { ReportSource } from '../../harness/report/source.ts';
import type { MetricRow } from '../../harness/store/rows.ts';
import { makeSource, methodOf, namedIn, settingOf } from './fixture.ts';

/** The report of a shipped experiment on two pictures, its numbers made up, its prior's weights random. */
function reportOf(name: string, side: number): ReportSource {
  const experiment = readExperiment(readConfig(join(packageRoot, 'configs', `${name}.yaml`)).root, builtIn);
  const [point] = experiment.priors;
  const prior = {
    name: point!.kind.name,
    version: 1,
    params: { ...point!.params, random: true },
    weightsSha256: 'ab'.repeat(32),
    toy: false,
  };
  const rows = experiment.tasks.flatMap(({ task, params, solvers }) => {
    const dataset = experiment.data.ref.name;
    const { title = task.name } = task;
    const setting = settingOf({ task: task.name, title, params, dataset, imageShape: [3, side, side] }).key;
    return solvers.flatMap(({ solver }) =>
      ['0', '1'].flatMap((item): MetricRow[] =>
        ['psnr', 'ssim', 'lpips-vgg'].map((metric) => ({
          method: methodOf({ name: solver.name, prior }).key,
          setting,
          item,
          seed: 0,
          metric,
          version: 1,
          protocol: '{}',
          value: 20 + Number(item),
        })),
      ),
    );
  });
  return makeSource({
    rows,
    ...namedIn(rows),
    costs: [],
    priors: [],
    metrics: [
      { name: 'psnr', title: 'PSNR', better: 'higher', digits: 2, unit: 'dB' },
      { name: 'ssim', title: 'SSIM', better: 'higher', digits: 3 },
      { name: 'lpips-vgg', title: 'LPIPS (VGG)', better: 'lower', digits: 3 },
    ],
    published: { papers: experiment.report.published.map((id) => readPaper(id, builtIn)), problems: [] },
  });
}

/** `paper task method metric value` of each figure that is shown. */
const shownIn = (source: ReportSource) =>
  buildPublished(source).tables.flatMap(({ rows }) =>
    rows.map(({ paper, figure: { task, method, metric, value } }) =>
      [paper.id, task, method, metric, value].join(' '),
    ),
  );
const allOf = (id: string, dataset: string, resolution: number) =>
  readPaper(id, builtIn)
    .figures.filter((figure) => figure.dataset === dataset && figure.resolution === resolution)
    .map(({ task, method, metric, value }) => [id, task, method, metric, value].join(' '));

describe("P2L's experiments, with random weights", () => {
  it('on faces show all that STSL has of them, and no gap', () => {
    const source = reportOf('ffhq512-p2l', 512);
    expect(shownIn(source)).toEqual(expect.arrayContaining(allOf('stsl-2024', 'ffhq', 512)));
    const rows = buildPublished(source).tables.flatMap((table) => table.rows);
    expect(rows.filter(({ ours }) => ours).length).toBeGreaterThan(8);
    expect(rows.filter(({ gap }) => gap)).toEqual([]);
  });

  it('on ImageNet show all that is quoted of P2L’s results, and all that STSL has', () => {
    expect(shownIn(reportOf('imagenet512-p2l', 512)).sort()).toEqual(
      [...allOf('p2l-2024', 'imagenet', 512), ...allOf('stsl-2024', 'imagenet', 512)].sort(),
    );
  });

  it('say of the page that weights are random and that P2L’s own tables were not found', async () => {
    const page = await renderPage(reportOf('ffhq512-p2l', 512));
    expect(page).toContain('<strong>Random weights</strong> stable-diffusion');
    expect(page).toContain('random weights, shown beside published figures without a gap');
    expect(page).toContain('P2L: its own tables were not found: neither those of FFHQ');
    expect(page).toContain('Published beside reproduced');
  });

  it('at another size show none', () => {
    expect(shownIn(reportOf('ffhq512-p2l', 64))).toEqual([]);
  });
});

describe('the experiments at 256 pixels', () => {
  it.each([
    ['ffhq256-dps', 'dps-2023 super-resolution DPS PSNR 25.67'],
    ['ffhq256-dps', 'dps-2023 random-inpainting DPS LPIPS 0.212'],
    ['imagenet256-dps', 'dps-2023 motion-deblurring DPS FID 56.08'],
    ['ffhq256-diffpir', 'diffpir-2023 gaussian-deblurring DiffPIR (100 NFE) PSNR 27.36'],
    ['imagenet256-diffpir', 'diffpir-2023 super-resolution DiffPIR (100 NFE) FID 106.32'],
    ['ffhq256-daps', 'pnp-gradient-descent phase-retrieval DAPS (1000) PSNR 29.94'],
    ['ffhq256-daps', 'na-nhmc high-dynamic-range DAPS LPIPS 0.259'],
    ['imagenet256-daps', 'sitcom-rebuttal super-resolution DAPS PSNR'],
  ])('%s shows %s', (name, figure) => {
    expect(shownIn(reportOf(name, 256)).join('\n')).toContain(figure);
  });

  it('DAPS’s figures are second-hand, and stand beside our DAPS', () => {
    const rows = buildPublished(reportOf('ffhq256-daps', 256)).tables.flatMap((table) => table.rows);
    const daps = rows.filter(({ figure, ours }) => figure.method.startsWith('DAPS') && ours);
    expect(daps.length).toBeGreaterThan(10);
    for (const { paper, ours } of daps)
      expect([paper.firstHand, ours!.method.solver]).toEqual([false, 'daps']);
  });
});
