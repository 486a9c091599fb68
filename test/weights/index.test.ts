import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';
import { findAsset, weightsFolder, weightsPath } from '../../harness/weights/index.ts';
import { register } from '../../harness/weights/location.ts';
import { readManifests } from '../../harness/weights/manifest.ts';

let root: string;
const saved = { weights: process.env.TWEEDIE_WEIGHTS, cache: process.env.XDG_CACHE_HOME };
/** sha256 of "hello". */
const HELLO = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tweedie-weights-'));
  process.env.TWEEDIE_WEIGHTS = root;
});

afterEach(() => {
  for (const [key, value] of [
    ['TWEEDIE_WEIGHTS', saved.weights],
    ['XDG_CACHE_HOME', saved.cache],
  ] as const) {
    if (value === undefined) delete process.env[key];
    else process.env[key] = value;
  }
  rmSync(root, { recursive: true });
});

function put(path: string, content = 'hello'): string {
  const file = join(root, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
  return file;
}

describe('the weights folder', () => {
  it('is TWEEDIE_WEIGHTS, else in the cache folder', () => {
    expect(weightsFolder()).toBe(root);
    delete process.env.TWEEDIE_WEIGHTS;
    process.env.XDG_CACHE_HOME = '/somewhere';
    expect(weightsFolder()).toBe('/somewhere/tweedie/weights');
  });
});

describe('the manifests', () => {
  it('name files that no two weights share', () => {
    const single = [...readManifests().values()].filter(({ files }) => files.length === 1);
    const paths = single.map(({ files }) => files[0]!.path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toContain('bpe_simple_vocab_16e6.txt.gz');
  });

  it('are all on the page', () => {
    const page = readFileSync(join(PACKAGE_ROOT, 'docs/weights.md'), 'utf8');
    const names = [...readManifests().keys()];
    expect(names).toContain('stable-diffusion-1.5');
    for (const name of names) expect(page).toContain(`| \`${name}\``);
  });

  it('refuse a key that they do not know', () => {
    writeFileSync(join(root, 'a.yaml'), 'name: a\nkind: vocabulary\nlicense: MIT\n');
    expect(() => readManifests(root)).toThrow(UserError);
  });
});

describe('weightsPath', () => {
  it('gives the file of single-file weights in the weights folder', () => {
    const file = put('guided-diffusion-imagenet256/256x256_diffusion_uncond.pt');
    expect(weightsPath('guided-diffusion-imagenet256')).toBe(file);
  });

  it('gives the folder of weights with several files, once all are there', () => {
    const files = readManifests().get('stable-diffusion-1.5')!.files;
    for (const { path } of files.slice(1)) put(`stable-diffusion-1.5/${path}`);
    expect(() => weightsPath('stable-diffusion-1.5')).toThrow(
      `stable-diffusion-1.5: model_index.json is missing: tweedie weights fetch stable-diffusion-1.5, or put model_index.json from https://huggingface.co/stable-diffusion-v1-5/stable-diffusion-v1-5/resolve/main/model_index.json at ${root}/stable-diffusion-1.5/model_index.json`,
    );
    put('stable-diffusion-1.5/model_index.json');
    expect(weightsPath('stable-diffusion-1.5')).toBe(join(root, 'stable-diffusion-1.5'));
  });

  it('gives what was registered, known name or own', () => {
    const file = put('elsewhere/model.pt');
    register('dps-ffhq256', file);
    register('mine', join(root, 'elsewhere'));
    expect(weightsPath('dps-ffhq256')).toBe(file);
    expect(weightsPath('mine')).toBe(join(root, 'elsewhere'));
  });

  it('refuses a file of the wrong size or hash', () => {
    put('lpips-alex-heads/alex.pth');
    expect(() => weightsPath('lpips-alex-heads')).toThrow(/5 bytes; alex.pth has 6009/);
    put('torchvision-vgg16/vgg16-397923af.pth');
    expect(() => weightsPath('torchvision-vgg16')).toThrow(`sha256 is ${HELLO}; expected 397923af...`);
  });

  it('names the nearest of an unknown name', () => {
    expect(() => weightsPath('torchvision-vgg61')).toThrow('did you mean "torchvision-vgg16"?');
  });
});

describe('findAsset', () => {
  it('finds a file by its own name and hash, in the weights folder or a registered one', () => {
    put('thing.gz', 'other');
    const file = put('elsewhere/thing.gz');
    register('mine', join(root, 'elsewhere'));
    expect(findAsset('thing.gz', HELLO)).toBe(file);
  });

  it('finds a file registered under any name', () => {
    const file = put('elsewhere/thing.gz');
    register('mine', file);
    expect(findAsset('thing.gz')).toBe(file);
  });

  it('says which file to put where', () => {
    expect(() => findAsset('lin_vgg.safetensors', HELLO)).toThrow(
      `there is no lin_vgg.safetensors of sha256 ${HELLO}: put it at ${root}/lin_vgg.safetensors`,
    );
    expect(() => findAsset('ffhq_10m.pt')).toThrow(
      `there is no ffhq_10m.pt: put ffhq_10m.pt from https://github.com/DPS2022/diffusion-posterior-sampling at ${root}/dps-ffhq256/ffhq_10m.pt`,
    );
  });

  it('names files of another hash', () => {
    const file = put('thing.gz', 'other');
    expect(() => findAsset('thing.gz', HELLO)).toThrow(`(${file}: another hash)`);
  });
});
