import { afterAll, beforeAll, expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { named } from '../../harness/plan/registries.ts';
import { loadItems, poseBatch } from '../../harness/worker/batch.ts';
import type { Problem } from '../../harness/worker/messages.ts';
import { required, wantedOf } from '../../harness/worker/wanted.ts';

const IDS = ['test/00000', 'test/00001', 'test/00002'];

let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu');
});
afterAll(() => device.dispose());

async function problem(task: string, ids: readonly string[]): Promise<Problem> {
  const { title = task, kind, version, params } = named(registries.tasks, task);
  const items = ids.map(async (id) => {
    const { sha256 } = await toyfaces.item(id, { height: 64, width: 64 });
    return { id, sha256, seed: 3, cellKey: '' };
  });
  return {
    setting: {
      ...{ key: '', kind, task, title, version, imageShape: [3, 64, 64] as const },
      params: params.parse({}),
      data: { kind: 'set', name: 'toyfaces' },
    },
    rng: 'philox',
    items: await Promise.all(items),
  };
}

it('what is wanted of a result is what was posed, in whatever batch', async () => {
  const together = await problem('trait-editing', IDS);
  const task = named(registries.tasks, 'trait-editing');
  const { wanted } = await poseBatch(together, task, toyfaces, await loadItems(together, toyfaces));
  const masks = (await wanted!.mask!.data()) as Float32Array;
  for (const [i, id] of IDS.entries()) {
    const alone = await wantedOf(await problem('trait-editing', [id]), registries);
    expect(alone.caption).toBe(wanted!.captions![i]);
    expect(alone.traits).toEqual(wanted!.traits![i]);
    expect(alone.mask).toEqual(masks.subarray(i * 4096, (i + 1) * 4096));
  }
});

it('a task that does not say what a metric compares with is named', async () => {
  const { mask } = await wantedOf(await problem('caption-generation', IDS.slice(0, 1)), registries);
  expect(() => required(mask, 'preservation', 'caption-generation', 'what may change')).toThrow(
    'preservation: the task caption-generation does not say what may change',
  );
});
