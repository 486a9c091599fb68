import { beforeAll, describe, expect, it } from 'vitest';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import { tf } from '../../harness/engine/tf.ts';
import { majorityClass } from '../../harness/tasks/segment/majority-class.ts';
import partSegmentation from '../../harness/tasks/segment/part-segmentation.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';
import { useDevice } from '../support/device.ts';

beforeAll(() => useDevice('cpu-reference'));

const size = { height: 16, width: 16 };
const ids = ['test/00003', 'test/00001'];

async function pose(params = {}) {
  const items = await Promise.all(ids.map((id) => toyfaces.item(id, size)));
  const x = tf.stack(items.map(({ image }) => tf.tensor(image, [3, 16, 16])));
  const streams = new BatchStreams(0, ids);
  return partSegmentation.pose({ x, ids, dataset: toyfaces }, partSegmentation.params.parse(params), streams);
}

describe('part-segmentation', () => {
  it('shows the first labelled pictures of the training split, five unless told otherwise', async () => {
    const { x, examples } = (await pose()).given;
    expect(x.shape).toEqual([2, 3, 16, 16]);
    expect([examples.x.shape, examples.labels.shape]).toEqual([
      [5, 3, 16, 16],
      [5, 16, 16],
    ]);
    const two = (await pose({ examples: 2 })).given.examples;
    expect(Array.from(await two.labels.data()).slice(256)).toEqual([
      ...(await toyfaces.labels!('train/00001', size)).data,
    ]);
    expect(two.classes).toContain('mouth');
  });

  it('has the exact label maps of its own pictures as truth', async () => {
    const { truth } = await pose();
    expect(truth.dtype).toBe('int32');
    expect(Array.from(await truth.data()).slice(256)).toEqual([
      ...(await toyfaces.labels!(ids[1]!, size)).data,
    ]);
  });
});

it('the majority class is what most examples have at a place, the first of equals', async () => {
  const labels = tf.tensor3d([0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 2], [3, 1, 4], 'int32');
  const found = majorityClass(labels, 3, 2);
  expect([found.shape, found.dtype]).toEqual([[2, 1, 4], 'int32']);
  // The four places hold (0,1,2), (1,0,2), (2,0,1) and (2,1,2).
  expect(Array.from(await found.data())).toEqual([0, 0, 0, 2, 0, 0, 0, 2]);
});
