/** tweedie published: lists papers, and the figures that filters let through. */
import { expect, it } from 'vitest';
import { tweedie } from './run-cli.ts';

it('lists the papers with the number of their figures', async () => {
  const { stdout, code } = await tweedie('published');
  expect(code).toBe(0);
  expect(stdout).toContain(
    'dps-2023\n  Diffusion Posterior Sampling for General Noisy Inverse Problems, arXiv 2209.14687, ICLR 2023\n' +
      '  252 figures, read in the text itself; ffhq 256, imagenet 256',
  );
  expect(stdout).toMatch(
    /p2l-2024\n.*\n {2}26 figures, second-hand; imagenet 512\n {2}its own tables were not found/,
  );
});

it('filters by our names and by the words as printed', async () => {
  const one = ['--dataset', 'ffhq', '--task', 'super-resolution', '--metric', 'PSNR'];
  const ours = await tweedie('published', '--paper', 'dps-2023', ...one, '--method', 'total-variation');
  const printed = await tweedie('published', '--paper', 'dps-2023', ...one, '--method', 'admm-tv', '--json');
  expect(ours.stdout).toMatch(/ADMM-TV .* PSNR .* 23\.86/);
  const [paper, ...others] = JSON.parse(printed.stdout);
  expect(others).toEqual([]);
  expect(paper.figures).toMatchObject([
    { method: 'ADMM-TV', solver: 'total-variation', metric: 'PSNR', value: 23.86, protocol: { noise: 0.05 } },
  ]);
});

it.each([
  [['--paper', 'dsp'], '--paper: unknown value "dsp": did you mean "dps-2023"?'],
  [['--task', 'superres'], '--task: no figure of "superres": did you mean "super-resolution"?'],
  [['--method', 'dpss'], '--method: no figure of "dpss": did you mean "dps"?'],
  [['--paper', 'p2l-2024', '--dataset', 'ffhq'], '--dataset: no figure of "ffhq": expected one of imagenet'],
])('%s: one line and exit code 2', async (args, message) => {
  const { stderr, code } = await tweedie('published', ...args);
  expect([code, stderr.trim()]).toEqual([2, message]);
});
