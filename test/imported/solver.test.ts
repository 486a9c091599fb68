import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '../../harness/engine/tf.ts';
import { problemKey } from '../../harness/identity/keys.ts';
import type { Imported } from '../../harness/imported/description.ts';
import { importedChecks, importedSha256, importedSolver } from '../../harness/imported/solver.ts';
import { npyBytes } from '../../harness/npy.ts';
import { writePng } from '../../harness/pictures/picture-file.ts';
import type { Prior } from '../../harness/priors/prior.ts';
import type { ImageName, Run } from '../../harness/solvers/run.ts';
import { exampleEntry, writeFlat, writeManifest } from '../measured/example.ts';
import { temporaryFolder } from '../store/example.ts';
import { useDevice } from '../support/device.ts';

beforeAll(() => useDevice('cpu-reference'));

const [a, b] = [exampleEntry('a'), exampleEntry('b')];
const image = (entry: typeof a): ImageName => ({
  id: entry.id,
  seed: entry.seed,
  problem: problemKey(entry),
});

async function place() {
  const measured = temporaryFolder();
  writeManifest(measured, [a, b]);
  const folder = join(measured, 'mine');
  const file = join(folder, `${a.name}.png`);
  await writeFlat(file, { level: 255 });
  const imported: Imported = {
    name: 'mine',
    citation: 'Nobody et al., 2026',
    params: { steps: 3 },
    file: join(measured, 'e.yaml'),
    folder,
    measured,
  };
  return { imported, file };
}

const solve = (imported: Imported, images: readonly ImageName[]) =>
  importedSolver(imported).solve(undefined as never, { imageShape: [3, 6, 8] } as unknown as Prior, {}, {
    images,
  } as unknown as Run) as Promise<Tensor>;

describe('imported answers of other kinds', () => {
  const kernel = (side: number, value: number) =>
    npyBytes({ shape: [1, side, side], data: new Float32Array(side * side).fill(value) });

  /** A blind problem with a kernel of 3 x 3 pixels, and a picture of it. */
  async function blindPlace() {
    const { imported, file } = await place();
    const { folder, measured } = imported;
    const entry = { ...a, kind: 'blind' as const, truths: { kernel: 'truths/k.npy' } };
    writeManifest(measured, [entry]);
    mkdirSync(join(measured, 'truths'));
    writeFileSync(join(measured, 'truths/k.npy'), kernel(3, 1 / 9));
    return { imported: { ...imported }, folder, entry, kernelFile: file.replace('.png', '.kernel.npy') };
  }

  it('a blind method has a picture and a kernel, both part of its hash', async () => {
    const { imported, kernelFile } = await blindPlace();
    writeFileSync(kernelFile, kernel(3, 1 / 9));
    expect(importedSolver(imported).solves).toBe('blind');
    const found = (await solve(imported, [image(a)])) as unknown as { x: Tensor; kernel: Tensor };
    expect([found.x.shape, found.kernel.shape]).toEqual([
      [1, 3, 6, 8],
      [1, 1, 3, 3],
    ]);
    expect((await found.kernel.data())[4]).toBeCloseTo(1 / 9, 6);
    const before = importedSha256(imported);
    writeFileSync(kernelFile, kernel(3, 1.001 / 9));
    expect(importedSha256({ ...imported })).not.toBe(before);
  });

  it('a kernel that is missing, of another size or of another sum is named', async () => {
    const { imported, kernelFile } = await blindPlace();
    await expect(solve(imported, [image(a)])).rejects.toThrow(`mine: ${a.name}.kernel.npy is missing in `);
    writeFileSync(kernelFile, kernel(5, 1 / 25));
    expect(() => importedSolver({ ...imported })).toThrow(
      /a\.kernel\.npy: has the shape \[1,5,5\], expected \[1,3,3\], as the kernel to be found$/,
    );
    writeFileSync(kernelFile, kernel(3, 1));
    expect(() => importedSolver({ ...imported })).toThrow(/has the sum 9, expected a kernel of sum 1$/);
  });

  it('a method to segment has label maps', async () => {
    const { imported, file } = await place();
    writeManifest(imported.measured, [{ ...a, kind: 'segment' }]);
    const labels = Uint8Array.from({ length: 48 }, (_, i) => i % 5);
    await writePng(file, { width: 8, height: 6, channels: 1, data: labels });
    const again = { ...imported };
    expect(importedSolver(again).solves).toBe('segment');
    const found = (await solve(again, [image(a)])) as unknown as { labels: Tensor };
    expect([found.labels.shape, found.labels.dtype]).toEqual([[1, 6, 8], 'int32']);
    expect([...(await found.labels.data())]).toEqual([...labels]);
  });
});

describe('what tweedie check looks at', () => {
  it('is that each problem has a picture, and that all can be read', async () => {
    const { imported } = await place();
    const [complete, readable] = importedChecks;
    await expect(complete!.run(imported)).rejects.toThrow(
      `1 of 2 are missing in ${imported.folder}: ${b.name}.png for one`,
    );
    await readable!.run(imported);
    await writeFlat(join(imported.folder, `${b.name}.png`));
    await complete!.run({ ...imported });
    const half = readFileSync(join(imported.folder, `${b.name}.png`)).subarray(0, 60);
    writeFileSync(join(imported.folder, `${b.name}.png`), half);
    await expect(readable!.run({ ...imported })).rejects.toThrow(/b\.png: /);
  });
});

describe('imported pictures', () => {
  it('are the results of a method that is named, cited and described', async () => {
    const { imported } = await place();
    const { name, paper, params, passes } = importedSolver(imported);
    expect([name, paper, passes!({})]).toEqual(['mine', 'Nobody et al., 2026', 0]);
    expect(params.parse({})).toEqual({ steps: 3 });
    expect(params.safeParse({ steps: 4 }).success, 'they were made with 3').toBe(false);
    const x = await solve(imported, [image(a)]);
    expect(x.shape).toEqual([1, 3, 6, 8]);
    expect([...(await x.data())].every((value) => value === 1)).toBe(true);
  });

  it('may be arrays, which are not clipped', async () => {
    const { imported, file } = await place();
    rmSync(file);
    const data = Float32Array.from({ length: 3 * 6 * 8 }, (_, i) => i / 100 - 1.2);
    writeFileSync(file.replace('.png', '.npy'), npyBytes({ shape: [3, 6, 8], data }));
    expect(await (await solve(imported, [image(a)])).data()).toEqual(data);
  });

  it('that are missing are named with the file that was expected', async () => {
    const { imported } = await place();
    await expect(solve(imported, [image(a), image(b)])).rejects.toThrow(
      `mine: ${b.name}.png is missing in ${imported.folder}`,
    );
  });

  it('answer the very problem only, not another of the same picture', async () => {
    const { imported } = await place();
    const other = { ...image(a), problem: problemKey({ ...a, rng: 'torch-cpu' }) };
    await expect(solve(imported, [other])).rejects.toThrow(
      `mine: ${imported.measured} has no problem of a with seed 0 as it is posed here; measure this experiment`,
    );
  });

  it('have a hash that a changed picture changes; one that changes later is refused', async () => {
    const { imported, file } = await place();
    const before = importedSha256(imported);
    expect(importedSha256({ ...imported })).toBe(before);
    await writeFlat(file, { level: 254 });
    await expect(solve(imported, [image(a)])).rejects.toThrow(/a\.png has changed since the plan was made$/);
    expect(importedSha256({ ...imported })).not.toBe(before);
  });
});
