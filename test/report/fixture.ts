/** A made-up experiment for the report's tests. Its numbers come from a hash, not from any solver. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import type { ReportSource } from '../../harness/report/source.ts';
import type { ImageRow, MetricRow } from '../../harness/store/rows.ts';

const PSNR = '{"aggregation":"per image","input":"uint8 RGB","range":255}';
const SSIM = '{"border":"valid","sigma":1.5,"window":11}';

interface Setting {
  solver: string;
  params: Record<string, unknown>;
  psnr: number;
}

const tasks = [
  { task: 'super-resolution', taskParams: { factor: 8, noise: 0.01 }, trivial: 'bicubic', shift: 0 },
  { task: 'gaussian-deblur', taskParams: { sigma: 3, noise: 0.02 }, trivial: 'measurement', shift: 1.4 },
  { task: 'box-inpainting', taskParams: { size: 24, noise: 0.01 }, trivial: 'mean', shift: -0.8 },
];

export const demoMethods: Setting[] = [
  { solver: 'ldps', params: { steps: 50 }, psnr: 21.4 },
  { solver: 'gml-dps', params: { steps: 50, gamma: 0.1 }, psnr: 21.6 },
  { solver: 'psld', params: { steps: 50, gamma: 0.1, omega: 0.1 }, psnr: 22.0 },
  { solver: 'p2l', params: { steps: 50, promptSteps: 1 }, psnr: 22.7 },
];

export const sweepMethods: Setting[] = [
  { solver: 'ldps', params: { steps: 50 }, psnr: 21.4 },
  ...[0, 1, 3, 5].map((promptSteps) => ({
    solver: 'p2l',
    params: { steps: 50, promptSteps },
    psnr: 21.4 + 0.9 * Math.log1p(promptSteps),
  })),
];

/** In [-1,1], a function of its arguments alone. */
export function jitter(...of: unknown[]): number {
  return createHash('sha256').update(JSON.stringify(of)).digest().readUInt32LE(0) / 2 ** 31 - 1;
}

export function makeSource(
  overrides: Partial<ReportSource> & { methods?: Setting[]; seeds?: number[]; items?: number } = {},
): ReportSource {
  const { methods = demoMethods, seeds = [0], items = 8, ...rest } = overrides;
  const rows: MetricRow[] = [];
  for (const { task, taskParams, trivial, shift } of tasks) {
    for (const { solver, params, psnr } of [{ solver: trivial, params: {}, psnr: 16.2 }, ...methods]) {
      for (const seed of seeds) {
        for (let i = 0; i < items; i++) {
          const item = `test/${String(i).padStart(5, '0')}`;
          const value =
            psnr + shift + 1.6 * jitter(task, item) + 0.4 * jitter(task, item, solver, params, seed);
          const row = { solver, params, task, taskParams, dataset: 'toyfaces', item, seed };
          rows.push({ ...row, metric: 'psnr', version: 1, protocol: PSNR, value });
          rows.push({ ...row, metric: 'ssim', version: 1, protocol: SSIM, value: 0.45 + (value - 16) / 28 });
        }
      }
    }
  }
  const cells = rows.length / 2;
  return {
    experiment: 'made-up fixture',
    config: {
      path: 'test/report/fixture.yaml',
      text: 'name: made-up fixture\nprior: embedded\ntasks:\n  - super-resolution: { factor: 8 }\n',
    },
    generatedAt: new Date('2026-11-21T22:00:00Z'),
    baseline: 'ldps',
    charts: [],
    rows,
    setRows: [],
    images: [],
    resultsDir: '.',
    costs: tasks.flatMap(({ task, taskParams }) =>
      methods.map(({ solver, params }) => ({
        solver,
        params,
        task,
        taskParams,
        dataset: 'toyfaces',
        images: items * seeds.length,
        secondsPerImage: solver === 'p2l' ? 5.21 : 2.43,
        calls: {
          unetForward: solver === 'p2l' ? 100 : 50,
          unetBackward: 50,
          decoder: 50,
          encoder: solver === 'ldps' ? 0 : 50,
        },
      })),
    ),
    runs: [
      {
        id: '1',
        startedAt: '2026-11-21T21:50:00Z',
        endedAt: '2026-11-21T21:55:30Z',
        devices: ['cpu', 'cpu'],
        machine: 'fixture-host',
        versions: { tweedie: '0.1.0', node: '20.20.2', 'onnxruntime-node': '1.30.0', tfjs: '4.22.0' },
        git: { commit: '0123456789abcdef0123456789abcdef01234567', dirty: true },
      },
    ],
    priors: [{ name: 'embedded', toy: true, weightsSha256: 'ab'.repeat(32) }],
    solvers: [
      ...tasks.map(({ trivial }) => ({ name: trivial, title: trivial, paper: '', trivial: true })),
      { name: 'ldps', title: 'LDPS', paper: 'latent DPS', trivial: false },
      { name: 'gml-dps', title: 'GML-DPS', paper: 'arXiv 2307.00619', trivial: false },
      { name: 'psld', title: 'PSLD', paper: 'arXiv 2307.00619', trivial: false },
      { name: 'p2l', title: 'P2L', paper: 'arXiv 2310.01110', trivial: false },
    ],
    metrics: [
      { name: 'psnr', title: 'PSNR', better: 'higher', digits: 2, unit: 'dB' },
      { name: 'ssim', title: 'SSIM', better: 'higher', digits: 3 },
    ],
    cells: { planned: cells, done: cells },
    failures: [],
    ...rest,
  };
}

/** Draws a picture for every row of `source` below `dir`: a disc on a gradient, blurrier for worse PSNR. */
export async function withImages(source: ReportSource, dir: string): Promise<ReportSource> {
  await mkdir(dir, { recursive: true });
  const images: ImageRow[] = [];
  const seen = new Set<string>();
  for (const { solver, params, task, taskParams, item, seed, metric, value } of source.rows) {
    if (metric !== 'psnr') continue;
    const save = async (kind: ImageRow['kind'], size: number, blur: number) => {
      const own = kind === 'restored' ? { solver, params } : { solver: null, params: null };
      const name = `${createHash('sha256')
        .update(JSON.stringify([kind, own, task, item, seed]))
        .digest('hex')}.png`;
      const png = await picture(item, size, blur);
      await writeFile(path.join(dir, name), png);
      const sha256 = createHash('sha256').update(png).digest('hex');
      images.push({ kind, ...own, task, taskParams, item, seed, path: name, sha256 });
    };
    const problem = JSON.stringify([task, item, seed]);
    if (!seen.has(problem)) {
      seen.add(problem);
      await save('truth', 64, 0);
      await save('measurement', task === 'super-resolution' ? 8 : 64, task === 'super-resolution' ? 0 : 4);
    }
    await save('restored', 64, Math.max(0.5, (26 - value) / 3));
  }
  return { ...source, images, resultsDir: dir };
}

function picture(item: string, size: number, blur: number): Promise<Buffer> {
  const [hue, x, y] = [
    Math.round(180 + 180 * jitter(item, 'hue')),
    32 + 6 * jitter(item, 'x'),
    32 + 6 * jitter(item, 'y'),
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="hsl(${hue},30%,70%)"/>
    <ellipse cx="${x}" cy="${y}" rx="18" ry="23" fill="hsl(25,45%,${60 + 15 * jitter(item, 'skin')}%)"/><circle cx="${x - 7}" cy="${y - 4}" r="2.5"/><circle cx="${x + 7}" cy="${y - 4}" r="2.5"/>
    <path d="M${x - 8} ${y + 10}q8 6 16 0" stroke="#933" stroke-width="2" fill="none"/><path d="M${x - 18} ${y - 8}q18 -26 36 0q-18 -10 -36 0" fill="hsl(${hue + 120},40%,25%)"/></svg>`;
  let image = sharp(Buffer.from(svg)).removeAlpha();
  if (blur >= 0.3) image = image.blur(blur);
  return image.resize(size, size).png().toBuffer();
}
