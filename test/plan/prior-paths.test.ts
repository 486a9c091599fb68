import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadPlan } from '../../harness/plan/load.ts';
import type { Registries } from '../../harness/plan/registries.ts';
import { localPath } from '../../harness/priors/local-path.ts';
import { register } from '../../harness/weights/location.ts';
import { fakes, folderWith } from '../config/fakes.ts';

const seen: unknown[] = [];
const registries: Registries = {
  ...fakes,
  priors: new Map([
    [
      'on-disk',
      {
        description: 'a prior with files',
        name: 'on-disk',
        version: 1,
        params: z.object({ path: localPath('its folder'), size: z.number().default(8) }),
        inspect: async (params: unknown) => {
          seen.push(params);
          return { imageShape: [3, 8, 8] as const, weightsSha256: 'ab'.repeat(32), toy: true };
        },
        open: () => {
          throw new Error('planning loads no weights');
        },
      },
    ],
  ]),
};
const experiment = (path: string) => `name: trial
prior: { on-disk: { path: ${path} } }
data: { set: toyfaces, count: 1 }
tasks: super-resolution
solvers: ldps
`;
const planOf = (file: string, ...set: string[]) => loadPlan(file, registries, set);
const priorOf = async (file: string, ...set: string[]) =>
  (await planOf(file, ...set)).batches.at(-1)!.method.prior;

describe('weights by name as the path of a prior', () => {
  const saved = process.env.TWEEDIE_WEIGHTS;
  let weights: string;
  beforeEach(() => {
    weights = mkdtempSync(join(tmpdir(), 'tweedie-weights-'));
    process.env.TWEEDIE_WEIGHTS = weights;
  });
  afterEach(() => {
    if (saved === undefined) delete process.env.TWEEDIE_WEIGHTS;
    else process.env.TWEEDIE_WEIGHTS = saved;
  });
  const fileWith = (path: string, others: Record<string, string> = {}) =>
    join(folderWith({ 'e.yaml': experiment(path), ...others }), 'e.yaml');

  it('are looked for where no such file or folder is', async () => {
    register('my-model', '/somewhere/model');
    const prior = await priorOf(fileWith('my-model'));
    expect(prior!.paths).toEqual({ path: '/somewhere/model' });
    const beside = fileWith('my-model', { 'my-model': '' });
    expect((await priorOf(beside))!.paths).toEqual({ path: join(dirname(beside), 'my-model') });
  });

  it('say what is missing of known ones, and where to put it', async () => {
    await expect(planOf(fileWith('dps-ffhq256'))).rejects.toThrow(
      /e.yaml:2:\d+: dps-ffhq256: ffhq_10m.pt is missing: put ffhq_10m.pt from .* at .*dps-ffhq256/,
    );
  });

  it('are named where the path is nearly one', async () => {
    await expect(planOf(fileWith('stable-difusion-1.5'))).rejects.toThrow(
      /e.yaml:2:\d+: there is neither a file or folder .* nor weights "stable-difusion-1.5": did you mean "stable-diffusion-1.5"\?/,
    );
  });
});

describe('the path of a prior', () => {
  const folder = folderWith({ 'e.yaml': experiment('../models/a') });
  const file = join(folder, 'e.yaml');

  it('is relative to the file that names it', async () => {
    const path = join(folder, '../models/a');
    expect(await priorOf(file)).toMatchObject({ params: { size: 8 }, paths: { path } });
    expect(seen.at(-1)).toEqual({ path, size: 8 });
  });

  it('is relative to the file that names it, not to one that extends that', async () => {
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'inner/f.yaml'), 'extends: ../e.yaml\nname: other\n');
    const prior = await priorOf(join(folder, 'inner/f.yaml'));
    expect(prior!.paths).toEqual({ path: join(folder, '../models/a') });
  });

  it('on the command line is relative to where the user is', async () => {
    const prior = await priorOf(file, 'prior.on-disk.path=models/b');
    expect(prior!.paths).toEqual({ path: join(process.cwd(), 'models/b') });
  });

  it('is no part of any key: what lies there is', async () => {
    const keys = async (...set: string[]) =>
      (await planOf(file, ...set)).batches.flatMap(({ items }) => items.map(({ cellKey }) => cellKey));
    expect(await keys('prior.on-disk.path=elsewhere')).toEqual(await keys());
    expect(await keys('prior.on-disk.size=16')).not.toEqual(await keys());
  });

  it('is asked for where it is missing', async () => {
    const { 'e.yaml': wrong } = { 'e.yaml': experiment('x').replace('{ path: x }', '{}') };
    const other = join(folderWith({ 'e.yaml': wrong }), 'e.yaml');
    await expect(planOf(other)).rejects.toThrow('missing key "path" of on-disk: expected text');
  });
});
