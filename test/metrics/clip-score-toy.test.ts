import { beforeAll, describe, expect, it } from 'vitest';
import { captionOf, neighboursOf, SPLITS, sample } from '../../datasets/toyfaces/index.ts';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { uniforms } from '../../harness/engine/random.ts';
import { clipScoreToy } from '../../harness/metrics/clip-score-toy.ts';
import { metrics } from '../../harness/metrics/index.ts';
import { type Image8, toImage8 } from '../../harness/pictures/image8.ts';

const COUNT = 8;
let device: Device;
let faces: Image8[];
const captions = Array.from({ length: COUNT }, (_, i) => sample(SPLITS.test.seed, i).caption);
beforeAll(async () => {
  device = await openDevice('cpu:1');
  const ids = (await toyfaces.ids('test')).slice(0, COUNT);
  const items = await Promise.all(ids.map((id) => toyfaces.item(id, { height: 64, width: 64 })));
  faces = items.map(({ image }) => toImage8(image, [3, 64, 64]));
});

const scores = async (pictures: readonly Image8[], texts: readonly string[]): Promise<number[]> => {
  const open = await clipScoreToy.open({}, device);
  const values = await open.scores(pictures, texts);
  open.dispose();
  return values;
};

describe('clip-score-toy', () => {
  it('is one of the metrics, needs no weights and says that it is a toy', () => {
    expect(metrics).toContain(clipScoreToy);
    expect(clipScoreToy.weights).toEqual([]);
    expect(clipScoreToy.protocol({})).toMatchObject({
      toy: true,
      weights: expect.stringMatching(/^sha256 [0-9a-f]{64}$/),
    });
  });

  it("is higher for a face's own caption than for any other face's", async () => {
    const own = await scores(faces, captions);
    for (let shift = 1; shift < COUNT; shift++) {
      const others = await scores(
        faces,
        captions.map((_, i) => captions[(i + shift) % COUNT]!),
      );
      for (const [i, value] of own.entries()) expect(value, captions[i]).toBeGreaterThan(others[i]!);
    }
  });

  it('falls where another background is named', async () => {
    const own = await scores(faces, captions);
    const changed = captions.map((_, i) => {
      const random = uniforms({ seed: 4, role: 'sample', image: 'neighbours', draw: i });
      const neighbours = neighboursOf(sample(SPLITS.test.seed, i).attributes, random);
      return captionOf(neighbours.find((neighbour) => neighbour.changed === 'background')!.attributes);
    });
    for (const [i, value] of (await scores(faces, changed)).entries()) expect(value).toBeLessThan(own[i]!);
  });

  it('takes pictures of any size', async () => {
    const small = await Promise.all(
      (await toyfaces.ids('test')).slice(0, COUNT).map((id) => toyfaces.item(id, { height: 32, width: 32 })),
    );
    const pictures = small.map(({ image }) => toImage8(image, [3, 32, 32]));
    const own = await scores(pictures, captions);
    const others = await scores(pictures, [...captions.slice(1), captions[0]!]);
    for (const [i, value] of own.entries()) expect(value).toBeGreaterThan(others[i]!);
  });

  it('refuses a caption with a word that toyfaces do not have', async () => {
    await expect(scores([faces[0]!], ['a smilng face'])).rejects.toThrow(
      `prompt "a smilng face": clip-score-toy does not know 'smilng'; the nearest word is 'smiling'`,
    );
  });
});
