/** A made-up experiment for the report's tests. Its numbers come from a hash, not from any solver. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import type { MethodInfo, ReportSource } from '../../harness/report/source.ts';
import type { ImageRow, MetricRow, SettingRow } from '../../harness/store/rows.ts';

const PSNR = '{"aggregation":"per image","input":"uint8 RGB","range":255}';
const SSIM = '{"border":"valid","sigma":1.5,"window":11}';

/** A method of the fixture: what is told of it, and about what PSNR it reaches. */
interface Compared extends Partial<Omit<MethodInfo, 'name'>> {
  solver: string;
  params: Record<string, unknown>;
  psnr: number;
}

const PAPERS: Record<string, string> = { ldps: 'latent DPS', p2l: 'arXiv 2310.01110' };

/** A method whose key is all that is told of it, so that rows can be written without a list beside them. */
export function methodOf(facts: Partial<MethodInfo> & { name: string }): MethodInfo {
  const told = {
    kind: 'solver',
    title: facts.name.toUpperCase(),
    version: 1,
    params: {},
    prior: null,
    group: null,
  } as const;
  const priorName = facts.prior?.name ?? null;
  const method = { ...told, paper: PAPERS[facts.name] ?? '', priorName, ...facts };
  return { ...method, key: JSON.stringify(method) };
}

/** The task's baseline of this name. */
export function baselineOf(name: string): MethodInfo {
  return methodOf({ name, kind: 'baseline', title: name });
}

/** A setting, its key likewise. */
export function settingOf(facts: Partial<SettingRow> & { task: string }): SettingRow {
  const told = { kind: 'restore', title: facts.task, version: 1, params: {}, dataset: 'toyfaces' } as const;
  const setting = { ...told, imageShape: [3, 64, 64], ...facts };
  return { ...setting, key: JSON.stringify(setting) };
}

/** The methods and settings of rows that were written so. */
export function namedIn(
  rows: readonly Pick<MetricRow, 'method' | 'setting'>[],
): Pick<ReportSource, 'methods' | 'settings'> {
  const all = (of: 'method' | 'setting') =>
    [...new Set(rows.map((row) => row[of]))].map((key) => ({ ...JSON.parse(key), key }));
  return { methods: all('method'), settings: all('setting') };
}

const tasks = [
  {
    setting: settingOf({
      task: 'super-resolution',
      title: 'Super-resolution',
      params: { factor: 8, noise: 0.01 },
    }),
    trivial: 'bicubic',
    shift: 0,
  },
  {
    setting: settingOf({
      task: 'gaussian-deblur',
      title: 'Gaussian deblur',
      params: { sigma: 3, noise: 0.02 },
    }),
    trivial: 'measurement',
    shift: 1.4,
  },
  {
    setting: settingOf({
      task: 'box-inpainting',
      title: 'Box inpainting',
      params: { size: 24, noise: 0.01 },
    }),
    trivial: 'mean',
    shift: -0.8,
  },
];

export const demoMethods: Compared[] = [
  { solver: 'ldps', params: { steps: 50 }, psnr: 21.4 },
  { solver: 'gml-dps', params: { steps: 50, gamma: 0.1 }, psnr: 21.6 },
  { solver: 'psld', params: { steps: 50, gamma: 0.1, omega: 0.1 }, psnr: 22.0 },
  { solver: 'p2l', params: { steps: 50, promptSteps: 1 }, psnr: 22.7 },
];

export const sweepMethods: Compared[] = [
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
  overrides: Partial<ReportSource> & { compared?: Compared[]; seeds?: number[]; items?: number } = {},
): ReportSource {
  const { compared = demoMethods, seeds = [0], items = 8, ...rest } = overrides;
  const rows: MetricRow[] = [];
  const solvers = compared.map(({ solver: name, psnr, ...facts }) => {
    return { ...methodOf({ name, ...facts }), psnr };
  });
  for (const { setting, trivial, shift } of tasks) {
    const { task } = setting;
    for (const { key, name, params, psnr } of [{ ...baselineOf(trivial), psnr: 16.2 }, ...solvers]) {
      for (const seed of seeds) {
        for (let i = 0; i < items; i++) {
          const item = `test/${String(i).padStart(5, '0')}`;
          const value =
            psnr + shift + 1.6 * jitter(task, item) + 0.4 * jitter(task, item, name, params, seed);
          const row = { method: key, setting: setting.key, item, seed };
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
    tables: [],
    others: new Map(),
    published: { papers: [], problems: [] },
    rows,
    setRows: [],
    images: [],
    traces: [],
    unknownMetrics: [],
    resultsDir: '.',
    costs: tasks.flatMap(({ setting }) =>
      solvers.map(({ key, name }) => ({
        method: key,
        setting: setting.key,
        images: items * seeds.length,
        secondsPerImage: name === 'p2l' ? 5.21 : 2.43,
        calls: {
          unetForward: name === 'p2l' ? 100 : 50,
          unetBackward: 50,
          decoder: 50,
          encoder: name === 'ldps' ? 0 : 50,
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
    seen: [],
    ...namedIn(rows),
    metrics: [
      { name: 'psnr', title: 'PSNR', better: 'higher', digits: 2, unit: 'dB' },
      { name: 'ssim', title: 'SSIM', better: 'higher', digits: 3 },
    ],
    cells: { planned: cells, done: cells },
    failures: [],
    skipped: [],
    ...rest,
  };
}

/** Draws a picture for every row of `source` below `dir`: a disc on a gradient, blurrier for worse PSNR. */
export async function withImages(source: ReportSource, dir: string): Promise<ReportSource> {
  await mkdir(dir, { recursive: true });
  const images: ImageRow[] = [];
  const seen = new Set<string>();
  const { settings } = namedIn(source.rows);
  for (const { method, setting, item, seed, metric, value } of source.rows) {
    if (metric !== 'psnr') continue;
    const { task } = settings.find(({ key }) => key === setting)!;
    const save = async (role: ImageRow['role'], size: number, blur: number) => {
      const own = role === 'result' ? method : null;
      const name = `${createHash('sha256')
        .update(JSON.stringify([role, own, task, item, seed]))
        .digest('hex')}.png`;
      const png = await picture(item, size, blur);
      await writeFile(path.join(dir, name), png);
      const sha256 = createHash('sha256').update(png).digest('hex');
      const cell =
        own &&
        createHash('sha256')
          .update(JSON.stringify([own, task, item, seed]))
          .digest('hex');
      images.push({ role, cell, method: own, setting, item, seed, path: name, sha256, array: null });
    };
    const problem = JSON.stringify([task, item, seed]);
    if (!seen.has(problem)) {
      seen.add(problem);
      await save('truth', 64, 0);
      await save('given', task === 'super-resolution' ? 8 : 64, task === 'super-resolution' ? 0 : 4);
    }
    await save('result', 64, Math.max(0.5, (26 - value) / 3));
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
