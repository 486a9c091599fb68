import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { openDevice } from '../../harness/engine/device.ts';
import { measure } from '../../harness/measure/measure.ts';
import { type Entry, MANIFEST, readManifest } from '../../harness/measured/manifest.ts';
import { fromImage8 } from '../../harness/pictures/image8.ts';
import { readPicture } from '../../harness/pictures/picture-file.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import { datasetOf, named } from '../../harness/plan/registries.ts';
import { rolesOf } from '../../harness/tasks/roles.ts';
import { loadItems, poseBatch } from '../../harness/worker/batch.ts';
import { temporaryFolder } from '../store/example.ts';

vi.setConfig({ testTimeout: 60_000 });

const sources = {
  task: (name: string) => named(registries.tasks, name),
  dataset: (data: Parameters<typeof datasetOf>[0]) => datasetOf(data, registries),
};

async function planOf(tasks: string, { count = 3, seeds = '[0]', solvers = '[]' } = {}) {
  const file = join(temporaryFolder(), 'one.yaml');
  writeFileSync(
    file,
    `name: one\nprior: embedded\ndata: { set: toyfaces, count: ${count} }\nseeds: ${seeds}\ntasks: ${tasks}\nsolvers: ${solvers}\nbatch: 2\n`,
  );
  return loadPlan(file, registries);
}

async function measured(
  tasks: string,
  folder = join(temporaryFolder(), 'out'),
  size?: Parameters<typeof planOf>[1],
  onProgress: (done: number) => void = () => {},
) {
  const plan = await planOf(tasks, size);
  const { entries, fresh } = await measure(plan, { ...sources, folder, tweedie: 'test', onProgress });
  return { plan, folder, entries, fresh };
}

/** A float32 .npy of this program: the values behind its header. */
function npy(folder: string, path: string): Float32Array {
  const bytes = readFileSync(join(folder, path));
  const start = 10 + bytes.readUInt16LE(8);
  return Float32Array.from({ length: (bytes.length - start) / 4 }, (_, i) =>
    bytes.readFloatLE(start + 4 * i),
  );
}

async function truthOf(folder: string, { truth }: Entry): Promise<Float32Array> {
  return fromImage8(await readPicture(join(folder, truth)));
}

const deviation = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

/** Every file's bytes, by its path. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      join(parentPath, name).slice(folder.length),
      createHash('sha256')
        .update(readFileSync(join(parentPath, name)))
        .digest('hex'),
    ]),
  );
}

describe('what is written', () => {
  it('is what solvers are given, to the last bit', async () => {
    const { plan, folder, entries } = await measured('[motion-deblurring]');
    const device = await openDevice('cpu');
    for (const batch of plan.batches) {
      const task = sources.task(batch.setting.task);
      const dataset = sources.dataset(batch.setting.data);
      const { given } = await poseBatch(batch, task, dataset, await loadItems(batch, dataset));
      const y = await rolesOf(task.kind).givenOf(given)!.data();
      for (const [i, { id }] of batch.items.entries()) {
        const { y: path } = entries.find((entry) => entry.id === id)!;
        const size = y.length / batch.items.length;
        expect(npy(folder, path!)).toEqual(y.slice(i * size, (i + 1) * size));
      }
    }
    await device.dispose();
  });

  it('is each problem once, however the batches of a sweep put its pictures together', async () => {
    const { entries } = await measured('[box-inpainting]', undefined, {
      ...{ count: 3, seeds: '[0]', solvers: '[{ ldps: { steps: 2, omega: [0.5, 1, 2] } }]' },
    });
    expect(entries.map(({ id }) => id)).toEqual(['test/00000', 'test/00001', 'test/00002']);
  });

  it('has a problem for each task, seed and picture, and says all of it', async () => {
    const { folder, entries } = await measured(
      '[box-inpainting, { super-resolution: { factor: [4, 8] } }]',
      undefined,
      {
        count: 2,
        seeds: '[0, 7]',
      },
    );
    expect(entries).toHaveLength(3 * 2 * 2);
    const manifest = readManifest(folder);
    expect(manifest.entries).toEqual(entries);
    const last = entries.at(-1)!;
    expect(last).toMatchObject({
      name: expect.stringMatching(/^super-resolution-[0-9a-f]{8}\/seed-7\/test-00001$/),
      task: 'super-resolution',
      parameters: { factor: 8, noise: 0.01 },
      id: 'test/00001',
      seed: 7,
      sigma: 0.01,
      noise: 'gaussian',
      imageShape: [3, 64, 64],
      operator: { name: 'super-resolution', linear: true },
      caption: expect.stringContaining('face'),
    });
    for (const [path, sha256] of Object.entries(manifest.sha256))
      expect(
        createHash('sha256')
          .update(readFileSync(join(folder, path)))
          .digest('hex'),
        path,
      ).toBe(sha256);
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
  });

  it("explains the measurement by the truth: an inpainting's mask", async () => {
    const { folder, entries } = await measured('[box-inpainting]');
    for (const entry of entries) {
      const [y, mask, x] = [
        npy(folder, entry.y!),
        npy(folder, entry.arrays.mask!),
        await truthOf(folder, entry),
      ];
      const noise = Array.from(y, (value, i) => value - mask[i % 4096]! * x[i]!);
      expect(noise.filter((_, i) => mask[i % 4096] === 0).every((value) => value === 0)).toBe(true);
      const seen = noise.filter((_, i) => mask[i % 4096] === 1);
      expect(deviation(seen)).toBeCloseTo(0.01, 3);
    }
  });

  it("by an operator's matrices", async () => {
    const { folder, entries } = await measured('[{ super-resolution: { factor: 8, noise: 0 } }]');
    const [entry] = entries;
    const [y, x] = [npy(folder, entry!.y!), await truthOf(folder, entry!)];
    const [left, right] = [npy(folder, entry!.arrays.left!), npy(folder, entry!.arrays.right!)];
    for (const [c, i, j] of [
      [0, 0, 0],
      [1, 3, 5],
      [2, 7, 7],
    ] as const) {
      let sum = 0;
      for (let k = 0; k < 64; k++)
        for (let l = 0; l < 64; l++)
          sum += left[i * 64 + k]! * x[c * 4096 + k * 64 + l]! * right[j * 64 + l]!;
      expect(y[c * 64 + i * 8 + j]).toBeCloseTo(sum, 5);
    }
  });

  it('by the kernel of a motion blur', async () => {
    const { folder, entries } = await measured('[{ motion-deblurring: { kernelSize: 5, noise: 0 } }]');
    const [entry] = entries;
    const [y, kernel, x] = [
      npy(folder, entry!.y!),
      npy(folder, entry!.arrays.kernel!),
      await truthOf(folder, entry!),
    ];
    for (const [row, column] of [
      [20, 30],
      [2, 61],
    ] as const) {
      let sum = 0;
      for (let i = 0; i < 5; i++)
        for (let j = 0; j < 5; j++) sum += kernel[i * 5 + j]! * x[(row + i - 2) * 64 + column + j - 2]!;
      expect(y[row * 64 + column]).toBeCloseTo(sum, 5);
    }
  });

  it('hides from a blind method what it is to find, and lays it beside the truth', async () => {
    const { folder, entries } = await measured('[{ turbulence: { examples: 4 } }]');
    const [entry] = entries;
    expect(Object.keys(entry!.arrays)).toEqual(['kernelExamples']);
    expect(npy(folder, entry!.arrays.kernelExamples!)).toHaveLength(4 * 11 * 11);
    expect(npy(folder, entry!.truths.kernel!).reduce((sum, v) => sum + v)).toBeCloseTo(1, 5);
    expect(npy(folder, entry!.truths.tilt!)).toHaveLength(2 * 64 * 64);
  });

  it('shows the labelled examples of a segmentation, and its truth as labels', async () => {
    const { folder, entries } = await measured('[{ part-segmentation: { examples: 2 } }]');
    const [entry] = entries;
    expect(Object.keys(entry!.arrays)).toEqual(['exampleImages', 'exampleLabels']);
    expect(entry).toMatchObject({ sigma: null, noise: null, operator: null });
    expect(npy(folder, entry!.y!)).toHaveLength(3 * 64 * 64);
  });

  it('shows the examples of a translation, of both domains', async () => {
    const { folder, entries } = await measured(
      '[{ trait-translation: { from: { hair: black }, to: { hair: blond }, examples: 2 } }]',
      undefined,
      { count: 12 },
    );
    const [{ arrays, words } = { arrays: {}, words: undefined }] = entries;
    expect(words).toEqual({ from: 'a face with black hair', to: 'a face with blond hair' });
    expect(Object.keys(arrays)).toEqual(['examplesFrom', 'examplesTo']);
    for (const path of Object.values(arrays)) expect(npy(folder, path)).toHaveLength(2 * 3 * 64 * 64);
  });
});

describe('a folder', () => {
  it('that was left half done is finished, and is then as one written at once', async () => {
    const tasks = '[super-resolution, box-inpainting]';
    const whole = await measured(tasks);
    const folder = join(temporaryFolder(), 'killed');
    const kill = (done: number) => {
      if (done >= 3) throw new Error('killed');
    };
    await expect(measured(tasks, folder, {}, kill)).rejects.toThrow('killed');
    expect(readdirSync(folder)).not.toContain(MANIFEST);
    expect(await measured(tasks, folder)).toMatchObject({ fresh: 3 });
    expect(contents(folder)).toEqual(contents(whole.folder));
  });

  it('whose journal was cut short in the middle of a line is finished too', async () => {
    const whole = await measured('[denoising]');
    const folder = join(temporaryFolder(), 'cut');
    await expect(
      measured('[denoising]', folder, {}, () => {
        throw new Error('killed');
      }),
    ).rejects.toThrow();
    const journal = join(folder, 'manifest.partial.jsonl');
    writeFileSync(journal, readFileSync(journal).subarray(0, -40));
    expect(await measured('[denoising]', folder)).toMatchObject({ fresh: 2 });
    expect(contents(folder)).toEqual(contents(whole.folder));
  });

  it('is mended where a file is missing or damaged', async () => {
    const { folder, entries } = await measured('[denoising]');
    const before = contents(folder);
    rmSync(join(folder, entries[0]!.truth));
    writeFileSync(join(folder, entries[2]!.y!), 'nothing');
    expect(await measured('[denoising]', folder)).toMatchObject({ fresh: 2 });
    expect(contents(folder)).toEqual(before);
  });

  it('grows with the experiment', async () => {
    const { folder } = await measured('[denoising]', undefined, { count: 2 });
    expect(await measured('[denoising]', folder, { count: 4 })).toMatchObject({ fresh: 2 });
    expect(readManifest(folder).entries).toHaveLength(4);
  });

  it('of other measurements is refused', async () => {
    const { folder } = await measured('[denoising]');
    await expect(measured('[colourisation]', folder)).rejects.toThrow(
      /out: holds measurements that this experiment has not, denoising-[0-9a-f]{8}\/seed-0\/test-00000 for one; name another folder$/,
    );
  });

  it('of something else is refused, and stays as it was', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'thesis.tex'), 'years of work');
    await expect(measured('[denoising]', folder)).rejects.toThrow(
      /expected an empty folder, or measurements of an earlier tweedie, found thesis\.tex; name another folder$/,
    );
    expect(readdirSync(folder)).toEqual(['thesis.tex']);
  });

  it('with a manifest of another kind is refused', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, MANIFEST), '{"name": "web app"}');
    await expect(measured('[denoising]', folder)).rejects.toThrow(/manifest\.json: format: /);
  });
});
