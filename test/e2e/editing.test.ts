import { expect, it, vi } from 'vitest';
import { Workplace } from './cli.ts';

vi.setConfig({ testTimeout: 180_000 });

it('pictures are edited, translated and made by compositions with the embedded prior', async () => {
  const there = new Workplace();
  const prior = {
    plugins: [],
    prior: 'embedded',
    data: { set: 'toyfaces', split: 'test', count: 1 },
    seeds: [0],
  };
  there.experiment('edited', {
    ...prior,
    tasks: [
      'trait-editing',
      { 'trait-editing': { giveMask: true } },
      { 'trait-translation': { from: { hair: 'red' }, to: { hair: 'blond' } } },
      'caption-generation',
    ],
    solvers: [
      { 'sdedit-edit': { steps: 2 } },
      { 'ilvr-edit': { steps: 2 } },
      { 'dreamsampler-edit': { steps: 2 } },
      { 'ebca-edit': { steps: 2 } },
      { 'sdedit-translate': { steps: 2 } },
      { 'ilvr-translate': { steps: 2 } },
      { ddib: { steps: 2 } },
      { lsb: { steps: 3 } },
      { ebca: { steps: 2, addPrompt: 'a sad face', add: { alpha: 0.5, alphaFrom: 0 } } },
    ],
    metrics: ['trait-agreement'],
  });
  const { code, stdout } = await there.run('run', 'edited.yaml');
  expect(code).toBe(0);
  // Four editors on each task of editing, four translators, a generator; and the unchanged pictures.
  expect(stdout).toContain('16 cells in');
  for (const row of ['SDEdit, edit', 'EBCA, edit', 'SDEdit, translate', 'DDIB', 'LSB', 'EBCA'])
    expect(stdout).toContain(row);
});
