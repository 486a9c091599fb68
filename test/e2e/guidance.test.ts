import { expect, it, vi } from 'vitest';
import { Workplace } from './cli.ts';

vi.setConfig({ testTimeout: 180_000 });

it('pictures of captions are made, scored as a set and by their traits; what a prior lacks is said', async () => {
  const there = new Workplace();
  there.experiment('made', {
    plugins: [],
    prior: 'embedded',
    data: { set: 'toyfaces', count: 2 },
    seeds: [0],
    tasks: ['caption-generation'],
    solvers: [
      { cfg: { steps: 2, scale: [1, 3] } },
      { 'cfgpp-generate': { steps: 2, sampler: ['ddim', 'dpmpp-2m'] } },
    ],
    metrics: ['fid-toy', 'trait-agreement'],
    report: { baseline: 'cfg', charts: [{ kind: 'plane', x: 'trait-agreement', y: ['fid-toy'] }] },
  });
  const { code, stdout } = await there.run('run', 'made.yaml');
  expect(code).toBe(0);
  expect(stdout).toContain('8 cells in');
  for (const row of ['CFG (scale=1)', 'CFG (scale=3)', 'CFG++ (sampler=ddim)', 'CFG++ (sampler=dpmpp-2m)'])
    expect(stdout).toContain(row);

  there.experiment('lacking', {
    plugins: [],
    prior: 'embedded',
    data: { set: 'toyfaces', count: 2 },
    tasks: ['caption-generation'],
    solvers: ['cfg', 'thresholded-cfg', 'clip-guidance'],
    metrics: ['trait-agreement'],
  });
  const planned = await there.run('plan', 'lacking.yaml');
  expect(planned.stdout + planned.stderr).toContain(
    'thresholded-cfg requires a prior of the pictures themselves',
  );
});
