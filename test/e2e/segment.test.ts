import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, it, vi } from 'vitest';
import { Workplace } from './cli.ts';

vi.setConfig({ testTimeout: 120_000 });

const SEGMENTER = fileURLToPath(new URL('../../docs/examples/nearest-mean.js', import.meta.url));
const labels = {
  prior: 'embedded',
  data: { set: 'toyfaces', count: 3 },
  seeds: [0],
  tasks: ['part-segmentation'],
};

/** What a report shows of a picture. */
async function shown(report: string, alt: string) {
  const [, png] = new RegExp(`alt="${alt}" src="data:image/png;base64,([^"]+)"`).exec(report)!;
  return sharp(Buffer.from(png!, 'base64')).raw().toBuffer({ resolveWithObject: true });
}

it('label maps are found, scored and shown, by a method of one’s own and by the majority class', async () => {
  const there = new Workplace();
  there.experiment('parts', { ...labels, plugins: [SEGMENTER], solvers: ['nearest-mean'] });
  const { code, stdout, stderr } = await there.run('run', 'parts.yaml');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/majority class +3 +\S*0\.\d{3}\S* ± /);
  expect(stdout).toContain('mIoU ↑');
  expect(stdout).toContain('Part segmentation (examples=5), toyfaces');
  const report = readFileSync(join(there.dir, 'reports', 'parts.html'), 'utf8');
  expect((await shown(report, 'Picture of test/00000')).info.channels).toBe(3);
  // The first class of a map is the background, in its colour of the palette.
  const { data, info } = await shown(report, 'Truth of test/00000');
  expect([info.width, info.channels, ...data.subarray(0, 3)]).toEqual([64, 3, 222, 226, 230]);

  const again = await there.run('run', 'parts.yaml');
  expect(again.stdout).toContain('6 cells: 6 cached, 0 to do');
  expect(await there.rows('parts')).not.toContain('psnr');
});

it('baselines of two kinds stand in one experiment; what does not fit is left out and named', async () => {
  const there = new Workplace();
  there.experiment('mixed', {
    ...labels,
    plugins: [SEGMENTER],
    tasks: ['part-segmentation', 'colourisation'],
    solvers: ['nearest-mean'],
    metrics: ['psnr', 'miou'],
  });
  const { code, stdout } = await there.run('run', 'mixed.yaml');
  expect(code).toBe(0);
  expect(stdout).toContain('note: nearest-mean does not run on colourisation: it is a method to segment');
  expect(stdout).toContain(
    'note: part-segmentation finds labels: not scored by psnr (made to score pictures)',
  );
  expect(stdout).toContain('note: colourisation finds pictures: not scored by miou (made to score labels)');
  const rows = (await there.rows('mixed')).trim().split('\n').slice(1);
  const metrics = (task: string) =>
    new Set(rows.filter((row) => row.includes(task)).map((row) => /psnr|miou/.exec(row)![0]));
  expect(metrics('part-segmentation')).toEqual(new Set(['miou']));
  expect(metrics('colourisation')).toEqual(new Set(['psnr']));
});

it.each([
  [
    'ldps is a method to restore; expected a task of that kind, found part-segmentation (segment)',
    { solvers: ['ldps'] },
  ],
  ['metric psnr is of pictures; no task here finds any', { metrics: ['psnr'] }],
  ['metric miou is of labels; no task here finds any', { metrics: ['miou'], tasks: ['colourisation'] }],
])('"%s": refused before anything runs', async (message, keys) => {
  const there = new Workplace();
  there.experiment('wrong', { ...labels, plugins: [], solvers: [], ...keys });
  const { code, stderr } = await there.run('plan', 'wrong.yaml');
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

it('pictures without labels are refused, with the task’s place', async () => {
  const there = new Workplace();
  await there.run('dataset', 'toyfaces', '--count', '2', '--out', 'faces');
  there.experiment('own', { ...labels, plugins: [], solvers: [], data: { folder: 'faces/test' } });
  const { code, stderr } = await there.run('plan', 'own.yaml');
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /own\.yaml:\d+:\d+: task part-segmentation needs labelled pictures; the folder .* has none/,
  );
});

it('a lost label map is made anew of what the method found', async () => {
  const there = new Workplace();
  there.experiment('parts', { ...labels, plugins: [], solvers: [] });
  await there.run('run', 'parts.yaml');
  const before = await there.rows('parts');
  rmSync(join(there.results, 'images'), { recursive: true });
  const { code, stdout } = await there.run('run', 'parts.yaml');
  expect(code).toBe(0);
  expect(stdout).toContain('3 cached, 0 to do');
  expect(await there.rows('parts')).toBe(before);
  const report = readFileSync(join(there.dir, 'reports', 'parts.html'), 'utf8');
  expect(await shown(report, 'Truth of test/00001')).toMatchObject({ info: { width: 64 } });
});

it.each([-1, 200, 256])(
  'a label of %i is no class: a failed row that names the solver and the range',
  async (label) => {
    const there = new Workplace();
    const source = readFileSync(SEGMENTER, 'utf8').replace(
      /return \{ labels: .*;/,
      `return { labels: tf.fill([x.shape[0], 64, 64], ${label}, 'int32') };`,
    );
    writeFileSync(join(there.dir, 'stray.js'), source);
    there.experiment('stray', { ...labels, plugins: ['stray.js'], solvers: ['nearest-mean'] });
    expect(await there.run('run', 'stray.yaml', '--no-report')).toMatchObject({ code: 1 });
    const failed = {
      kind: 'solver-error',
      message: expect.stringMatching(
        `^stray\\.js:\\d+:\\d+: nearest-mean returned a label of ${label}, expected the index of a class, 0 to 9$`,
      ),
    };
    expect(await there.status('stray')).toMatchObject({ done: 3, failedCells: [failed, failed, failed] });
  },
);
