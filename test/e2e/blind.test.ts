import { expect, it, vi } from 'vitest';
import { Workplace } from './cli.ts';

vi.setConfig({ testTimeout: 120_000 });

const blind = {
  prior: 'embedded-pixel',
  data: { set: 'toyfaces', count: 1 },
  seeds: [0],
  tasks: [{ 'blind-motion-deblurring': { kernelSize: 5, examples: 20 } }],
};

it('a blind method is scored by its picture and by its kernel, also by a metric that is asked for later', async () => {
  const there = new Workplace();
  there.experiment('blind', { ...blind, solvers: [{ 'blind-dps': { steps: 3 } }] });
  const { code, stdout, stderr } = await there.run('run', 'blind.yaml');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('kernel MNC ↑');
  expect(stdout).toMatch(/measurement +1 +\S+ +\S+ +\S*0\.\d{3}/);

  const later = await there.run('score', 'blind.yaml', '--metrics', 'kernel-error');
  expect([later.code, later.stderr]).toEqual([0, '']);
  const rows = await there.rows('blind');
  expect(rows).toContain('kernel-error');
  expect(rows).toContain('psnr');
});

it.each([
  [
    'metric kernel-mnc is of kernels; no task here finds any',
    { ...blind, tasks: ['denoising'], solvers: ['dps'], metrics: ['kernel-mnc'] },
  ],
  [
    'metric misfit is of measurements; no task here finds any: expected one of psnr, ssim,',
    { ...blind, metrics: ['misfit'] },
  ],
  [
    'dps is a method to restore; expected a task of that kind, found blind-motion-deblurring (blind)',
    { ...blind, solvers: ['dps'] },
  ],
  [
    'blind-dps is a method to restore blindly; expected a task of that kind, found denoising (restore)',
    { ...blind, tasks: ['denoising'], solvers: ['blind-dps'] },
  ],
])('a plan says: %s', async (message, experiment) => {
  const there = new Workplace();
  there.experiment('blind', experiment);
  const { code, stderr } = await there.run('plan', 'blind.yaml');
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
