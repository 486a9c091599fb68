import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '../../harness/engine/tf.ts';
import { problemKey } from '../../harness/identity/keys.ts';
import type { Imported } from '../../harness/imported/description.ts';
import { importedSha256, importedSolver } from '../../harness/imported/solver.ts';
import { npyBytes } from '../../harness/npy.ts';
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
      `mine: the picture ${b.name}.png is missing in ${imported.folder}`,
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
