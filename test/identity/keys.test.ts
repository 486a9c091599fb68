import { describe, expect, it } from 'vitest';
import {
  type CellMethod,
  cellIdentity,
  jsonHash,
  type MethodFacts,
  methodRef,
  type SettingFacts,
  scoringKey,
  settingRef,
  solvingKey,
} from '../../harness/identity/keys.ts';

const method: MethodFacts = {
  kind: 'solver',
  name: 'ldps',
  title: 'LDPS',
  version: 1,
  params: { steps: 50, latentStep: 1 },
  prior: { name: 'embedded', version: 1, params: {}, weightsSha256: 'ab'.repeat(32), toy: true },
};
const setting: SettingFacts = {
  kind: 'restore',
  task: 'super-resolution',
  title: 'Super-resolution',
  version: 1,
  params: { factor: 8, noise: 0.01 },
  data: { kind: 'set', name: 'toyfaces' },
  imageShape: [3, 64, 64],
};
const cell: CellMethod = { method, setting, rng: 'philox', precision: 'float32' };
const item = { id: 'test/0', sha256: 'cd'.repeat(32), seed: 0 };
const key = solvingKey(cell, item);
const prior = method.prior!;

const of = (changed: Partial<MethodFacts>): CellMethod => ({ ...cell, method: { ...method, ...changed } });
const on = (changed: Partial<SettingFacts>): CellMethod => ({ ...cell, setting: { ...setting, ...changed } });

describe('the solving key', () => {
  it('never changes by accident: stored results would be lost', () => {
    expect(key).toBe('c95e4742dfe9941ffc83aeca7550e264f88a37639bcf463986e5bcd9ccd50a2f');
  });

  it('does not depend on the order in which parameters are written', () => {
    expect(solvingKey(of({ params: { latentStep: 1, steps: 50 } }), item)).toBe(key);
  });

  it('changes with everything that changes the restored image', () => {
    const others = [
      solvingKey(of({ name: 'p2l' }), item),
      solvingKey(of({ version: 2 }), item),
      solvingKey(of({ sourceSha256: '12'.repeat(32) }), item),
      solvingKey(of({ params: { steps: 51, latentStep: 1 } }), item),
      solvingKey(on({ task: 'gaussian-deblurring' }), item),
      solvingKey(on({ version: 2 }), item),
      solvingKey(on({ params: { factor: 4, noise: 0.01 } }), item),
      solvingKey(of({ prior: { ...prior, version: 2 } }), item),
      solvingKey(of({ prior: { ...prior, weightsSha256: 'ef'.repeat(32) } }), item),
      solvingKey({ ...cell, rng: 'torch-cpu' }, item),
      solvingKey({ ...cell, precision: 'float16' }, item),
      solvingKey({ ...cell, precision: 'tf32' }, item),
      solvingKey(cell, { ...item, seed: 1 }),
      solvingKey(cell, { ...item, id: 'test/1' }),
      solvingKey(cell, { ...item, sha256: 'ef'.repeat(32) }),
      solvingKey(cell, { ...item, caption: 'a face' }),
      solvingKey(cell, { ...item, caption: 'a round face' }),
    ];
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
  });

  it('does not depend on titles, nor on where a folder of pictures lies', () => {
    expect(solvingKey(of({ title: 'Latent DPS' }), item)).toBe(key);
    const inFolder = (folder: string) =>
      solvingKey(on({ data: { kind: 'folder', name: 'photos', folder } }), item);
    expect(inFolder('/a/photos')).toBe(inFolder('/b/photos'));
  });
});

describe('keys of results that were stored before methods had an identity of their own', () => {
  const mine = of({ sourceSha256: '12'.repeat(32) });
  const photos = on({ data: { kind: 'folder', name: 'photos', folder: '/x/photos' } });
  const half = of({ prior: { ...prior, pluginSha256: '34'.repeat(32), params: { ema: true } } });

  it.each<[string, CellMethod, string, number?]>([
    [
      'a baseline',
      of({ kind: 'baseline', name: 'bicubic', params: {}, prior: null }),
      'ed3707259fd446df59e3d7a5805ec24f8faacbee97cca57694db9acb16d3be2e',
    ],
    [
      'a plug-in on a folder',
      { ...photos, method: { ...mine.method, name: 'mine' } },
      '7581921f7ad7435bdaf893aff268bf20b554de85e3614a6b0dd18029f1af9cc0',
    ],
    [
      "half precision, torch's numbers and a prior of a plug-in",
      { ...half, precision: 'float16', rng: 'torch-cpu' },
      '8e6d952d8ae50accb8209d2f39362689443e717d5e7071c5ce73696d042cb5b2',
      3,
    ],
  ])('%s', (_, method, expected, seed = 0) => {
    expect(solvingKey(method, { ...item, seed })).toBe(expected);
    expect(jsonHash(cellIdentity(method, { ...item, seed }))).toBe(expected);
  });

  it('and of a picture with a caption, the hash of its identity', () => {
    const told = { ...item, caption: 'a "face"' };
    expect(solvingKey(half, told)).toBe(jsonHash(cellIdentity(half, told)));
  });
});

describe('the key of a method', () => {
  const keyOf = (changed: Partial<MethodFacts>) => methodRef({ ...method, ...changed }).key;

  it('tells a plug-in from the baseline of its name, two versions, parameters and priors', () => {
    const keys = [
      {},
      { kind: 'baseline' as const },
      { name: 'bicubic' },
      { version: 2 },
      { sourceSha256: '12'.repeat(32) },
      { params: { steps: 51, latentStep: 1 } },
      { prior: null },
      { prior: { ...prior, params: { ema: true } } },
      { prior: { ...prior, weightsSha256: 'ef'.repeat(32) } },
      { prior: { ...prior, pluginSha256: '34'.repeat(32) } },
    ].map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('knows nothing of titles, of whether a prior is a toy and of where its files lie', () => {
    const elsewhere = { ...prior, toy: false, paths: { folder: '/elsewhere' } };
    expect(keyOf({ title: 'Latent DPS', prior: elsewhere })).toBe(keyOf({}));
  });
});

describe('the key of a setting', () => {
  it('tells tasks, versions, parameters, data and sizes apart', () => {
    const keys = [
      {},
      { task: 'colourisation' },
      { version: 2 },
      { params: { factor: 4, noise: 0.01 } },
      { data: { kind: 'folder', name: 'toyfaces', folder: '/toyfaces' } as const },
      { imageShape: [3, 128, 128] as const },
    ].map((changed) => settingRef({ ...setting, ...changed }).key);
    expect(new Set(keys).size).toBe(keys.length);
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
      scoringKey(solvingKey(cell, { ...item, seed: 1 }), psnr),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
