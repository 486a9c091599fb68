import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { TINY_ADM, writeTinyAdm } from '../support/tiny-adm.ts';
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
  expect(stderr).toMatch(
    /latents\.yaml:\d+:\d+: ldps requires a prior of latents, with its autoencoder and a prior that takes prompts/,
  );
});
