import { describe, expect, it } from 'vitest';
import { type CellMethod, scoringKey, solvingKey } from '../../harness/identity/keys.ts';

const method: CellMethod = {
  kind: 'solver',
  solver: 'ldps',
  solverVersion: 1,
  params: { steps: 50, latentStep: 1 },
  task: 'super-resolution',
  taskVersion: 1,
  taskParams: { factor: 8, noise: 0.01 },
  prior: { name: 'embedded', version: 1, params: {}, weightsSha256: 'ab'.repeat(32), toy: true },
  data: { kind: 'set', name: 'toyfaces' },
  seed: 0,
  rng: 'philox',
  precision: 'float32',
};
const item = { id: 'test/0', sha256: 'cd'.repeat(32) };
const key = solvingKey(method, item);

describe('the solving key', () => {
  it('never changes by accident: stored results would be lost', () => {
    expect(key).toBe('c95e4742dfe9941ffc83aeca7550e264f88a37639bcf463986e5bcd9ccd50a2f');
  });

  it('does not depend on the order in which parameters are written', () => {
    expect(solvingKey({ ...method, params: { latentStep: 1, steps: 50 } }, item)).toBe(key);
  });

  it('changes with everything that changes the restored image', () => {
    const prior = method.prior!;
    const others = [
      solvingKey({ ...method, solver: 'p2l' }, item),
      solvingKey({ ...method, solverVersion: 2 }, item),
      solvingKey({ ...method, params: { steps: 51, latentStep: 1 } }, item),
      solvingKey({ ...method, task: 'gaussian-deblurring' }, item),
      solvingKey({ ...method, taskVersion: 2 }, item),
      solvingKey({ ...method, taskParams: { factor: 4, noise: 0.01 } }, item),
      solvingKey({ ...method, prior: { ...prior, version: 2 } }, item),
      solvingKey({ ...method, prior: { ...prior, weightsSha256: 'ef'.repeat(32) } }, item),
      solvingKey({ ...method, seed: 1 }, item),
      solvingKey({ ...method, rng: 'torch-cpu' }, item),
      solvingKey({ ...method, precision: 'float16' }, item),
      solvingKey({ ...method, precision: 'tf32' }, item),
      solvingKey(method, { ...item, id: 'test/1' }),
      solvingKey(method, { ...item, sha256: 'ef'.repeat(32) }),
    ];
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
  });

  it('does not depend on where a folder of pictures lies', () => {
    const inFolder = (folder: string) =>
      solvingKey({ ...method, data: { kind: 'folder', name: 'photos', folder } }, item);
    expect(inFolder('/a/photos')).toBe(inFolder('/b/photos'));
  });
});

describe('keys of results that were stored before methods had an identity of their own', () => {
  it.each([
    [
      'a baseline',
      { ...method, kind: 'baseline' as const, solver: 'bicubic', params: {}, prior: null },
      'ed3707259fd446df59e3d7a5805ec24f8faacbee97cca57694db9acb16d3be2e',
    ],
    [
      'a plug-in on a folder',
      {
        ...method,
        solver: 'mine',
        solverPluginSha256: '12'.repeat(32),
        data: { kind: 'folder' as const, name: 'photos', folder: '/x/photos' },
      },
      '7581921f7ad7435bdaf893aff268bf20b554de85e3614a6b0dd18029f1af9cc0',
    ],
    [
      "half precision, torch's numbers and a prior of a plug-in",
      {
        ...method,
        prior: { ...method.prior!, pluginSha256: '34'.repeat(32), params: { ema: true } },
        precision: 'float16' as const,
        rng: 'torch-cpu' as const,
        seed: 3,
      },
      '8e6d952d8ae50accb8209d2f39362689443e717d5e7071c5ce73696d042cb5b2',
    ],
  ])('%s', (_, of, expected) => {
    expect(solvingKey(of, item)).toBe(expected);
  });
});

describe('the scoring key', () => {
  const psnr = { name: 'psnr', version: 1, protocol: { range: 255 } };

  it('changes with the metric, its version and its protocol, and with the solved image', () => {
    const keys = [
      scoringKey(key, psnr),
      scoringKey(key, { ...psnr, name: 'ssim' }),
      scoringKey(key, { ...psnr, version: 2 }),
      scoringKey(key, { ...psnr, protocol: { range: 1 } }),
      scoringKey(solvingKey({ ...method, seed: 1 }, item), psnr),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
