import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { TINY_ADM, writeTinyAdm } from '../support/tiny-adm.ts';
import { writeTinyPrior } from '../support/tiny-prior.ts';
import { Workplace } from './cli.ts';

vi.setConfig({ testTimeout: 120_000 });

const prior = { 'guided-diffusion': { path: join(writeTinyAdm(), 'model.pt'), model: TINY_ADM, toy: true } };
const pixels = {
  plugins: [],
  prior,
  data: { set: 'toyfaces', count: 2 },
  seeds: [0],
  tasks: [{ 'super-resolution': { factor: 4 } }],
  workers: 1,
};

it('DPS runs with a pixel prior from a .pt file', async () => {
  const there = new Workplace();
  there.experiment('pixels', { ...pixels, solvers: [{ dps: { steps: 3 } }] });
  const { code, stderr } = await there.run('run', 'pixels.yaml');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const rows = (await there.rows('pixels')).trim().split('\n');
  expect(rows.filter((row) => row.includes('dps')).length).toBeGreaterThanOrEqual(2);
});

it('a latent solver is refused before anything runs', async () => {
  const there = new Workplace();
  there.experiment('latents', { ...pixels, solvers: ['ldps'] });
  const { code, stderr } = await there.run('plan', 'latents.yaml');
  expect(code).toBe(2);
  expect(stderr).toMatch(/latents\.yaml:\d+:\d+: ldps requires a prior of latents, with its autoencoder \(/);
});

it('a latent and a pixel prior stand in one table, row by row with their names', async () => {
  const there = new Workplace();
  const { prior: _, ...rest } = pixels;
  const latent = { 'stable-diffusion': { path: writeTinyPrior() } };
  there.experiment('both', {
    ...rest,
    prior: null,
    priors: { sd: latent, adm: prior },
    tasks: [...pixels.tasks, { 'gaussian-deblurring': { kernelSize: 5 } }],
    solvers: [{ dps: { steps: 3 } }, { ldps: { steps: 2 } }, { ddnm: { steps: 2 }, prior: 'adm' }],
    metrics: ['psnr'],
    report: { baseline: 'dps' },
  });
  const plan = await there.run('plan', 'both.yaml');
  const reason = 'ddnm requires an operator with a pseudo-inverse; that of gaussian-deblurring has none';
  expect(plan.stdout).toContain(`skipped: ddnm (adm) on gaussian-deblurring: ${reason}`);
  const { code, stdout } = await there.run('run', 'both.yaml');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ Method +Prior +N /m);
  expect(stdout).toMatch(
    /^ bicubic +— .*\n Pixel diffusion *\n DPS +adm .* reference *\n DDNM +adm .*\n Latent diffusion *\n LDPS +sd +2 +\S+ ± \S+ +— *$/m,
  );
  expect(stdout).toContain('rows of different priors (sd, adm) do not differ by the method alone');
  expect(stdout).toContain(`DDNM is skipped on Gaussian deblurring: ${reason}`);
  const page = readFileSync(join(there.dir, 'reports/both.html'), 'utf8');
  expect(page).toContain('rows of different priors (sd, adm) do not differ by the method alone');
  expect(page).toContain(reason);
});
