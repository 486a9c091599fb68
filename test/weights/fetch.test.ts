import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type FetchedFile, fetchWeights } from '../../harness/weights/fetch.ts';
import { register } from '../../harness/weights/location.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tweedie-fetch-'));
  vi.stubEnv('TWEEDIE_WEIGHTS', root);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  rmSync(root, { recursive: true });
});

async function fetchAll(name: string): Promise<FetchedFile[]> {
  const files: FetchedFile[] = [];
  for await (const file of fetchWeights(name, { pause: 1 })) files.push(file);
  return files;
}

/** In place of the network: the last part of each URL as the file's content. */
function stubNetwork(): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return new Response(url.split('/').at(-1)!);
  });
  return asked;
}

it('downloads every missing file to its place, and no other', async () => {
  const asked = stubNetwork();
  const first = await fetchAll('stable-diffusion-2.1');
  expect(first.every(({ fetched }) => fetched)).toBe(true);
  expect(asked).toHaveLength(first.length);
  expect(asked).toContain(
    'https://huggingface.co/stabilityai/stable-diffusion-2-1/resolve/main/unet/config.json',
  );
  expect(readFileSync(join(root, 'stable-diffusion-2.1/unet/config.json'), 'utf8')).toBe('config.json');

  rmSync(join(root, 'stable-diffusion-2.1/unet/config.json'));
  const second = await fetchAll('stable-diffusion-2.1');
  expect(second.filter(({ fetched }) => fetched).map(({ path }) => path)).toEqual([
    join(root, 'stable-diffusion-2.1/unet/config.json'),
  ]);
});

it('says by which address, from which page and where to put a file by hand when there is no network', async () => {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ENOTFOUND' }) });
  });
  await expect(fetchAll('guided-diffusion-imagenet256')).rejects.toThrow(
    'https://openaipublic.blob.core.windows.net/diffusion/jul-2021/256x256_diffusion_uncond.pt: cannot be downloaded (ENOTFOUND); ' +
      `by hand: put 256x256_diffusion_uncond.pt from https://github.com/openai/guided-diffusion at ${root}/guided-diffusion-imagenet256/256x256_diffusion_uncond.pt`,
  );
});

it('refuses weights that have no address', async () => {
  await expect(fetchAll('dps-ffhq256')).rejects.toThrow(
    `dps-ffhq256 cannot be fetched: put ffhq_10m.pt from https://github.com/DPS2022/diffusion-posterior-sampling at ${root}/dps-ffhq256/ffhq_10m.pt`,
  );
});

it('writes nothing into a folder that was registered', async () => {
  stubNetwork();
  const mine = mkdtempSync(join(root, 'mine-'));
  register('stable-diffusion-1.5', mine);
  await expect(fetchAll('stable-diffusion-1.5')).rejects.toThrow(
    `stable-diffusion-1.5 is registered at ${mine}, where model_index.json is missing`,
  );
});

it('leaves a wrong file to the person who put it there', async () => {
  const path = join(root, 'bpe.gz');
  writeFileSync(path, 'other');
  register('clip-vocabulary', path);
  await expect(fetchAll('clip-vocabulary')).rejects.toThrow(
    `${path}: 5 bytes; bpe_simple_vocab_16e6.txt.gz has 1356917; remove it to fetch it anew`,
  );
});
