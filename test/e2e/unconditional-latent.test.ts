import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { TINY_COMPVIS, tinyCheckpoint, tinyCompvisFolder, tinyCompvisYaml } from '../support/tiny-compvis.ts';
import { Workplace } from './cli.ts';

vi.setConfig({ testTimeout: 120_000 });

const folder = tinyCompvisFolder();
writeFileSync(join(folder, 'config.yaml'), tinyCompvisYaml({ ...TINY_COMPVIS, image_size: 32 }));
writeSafetensors(join(folder, 'model.safetensors'), tinyCheckpoint());

it('the latent solvers of a table run on a prior that takes no prompts', async () => {
  const there = new Workplace();
  there.experiment('unconditional', {
    prior: { 'compvis-ldm': { path: folder, toy: true } },
    plugins: [],
    data: { set: 'toyfaces', count: 1 },
    workers: 1,
    tasks: ['super-resolution'],
    solvers: [
      { psld: { steps: 2, variant: 'public-code' } },
      { resample: { steps: 3, interval: 1, pixelIterations: 2, latentIterations: 2 } },
      { 'latent-daps': { steps: 2, mcmcSteps: 2 } },
    ],
    metrics: ['psnr'],
  });
  const { code, stderr } = await there.run('run', 'unconditional.yaml');
  expect(stderr).not.toContain('failed');
  expect(code).toBe(0);
  const rows = await there.rows('unconditional');
  for (const solver of ['psld', 'resample', 'latent-daps']) expect(rows).toContain(solver);
});
