/** The tasks that change pictures, make them again, or make them of words. */
import { describe, expect, it } from 'vitest';
import type { Dataset, Traits } from '../../harness/data/dataset.ts';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import traitEditing from '../../harness/tasks/edit/trait-editing.ts';
import captionGeneration from '../../harness/tasks/generate/caption-generation.ts';
import inversion from '../../harness/tasks/invert/inversion.ts';
import type { Kind } from '../../harness/tasks/kinds.ts';
import type { Posed, Task } from '../../harness/tasks/task.ts';
import traitTranslation from '../../harness/tasks/translate/trait-translation.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';

const SIZE = { height: 64, width: 64 };
const ids = ['test/00000', 'test/00001', 'test/00002'];

async function pose<K extends Kind>(
  task: Task<K>,
  params: Record<string, unknown> = {},
  of = ids,
  seed = 0,
): Promise<Posed<K>> {
  const items = await Promise.all(of.map((id) => toyfaces.item(id, SIZE)));
  const x = tf.stack(items.map(({ image }) => tf.tensor(image, [3, 64, 64])));
  return task.pose({ x, ids: of, dataset: toyfaces }, task.params.parse(params), new BatchStreams(seed, of));
}

async function suited(task: Task, params: Record<string, unknown>): Promise<string[]> {
  const found: string[] = [];
  for (const id of await toyfaces.ids('test'))
    if (!(await task.leavesOut?.(toyfaces, id, task.params.parse(params)))) found.push(id);
  return found;
}

const values = (tensor: Tensor) => tensor.data() as Promise<Float32Array>;
const traits = (dataset: Dataset, id: string): Promise<Traits> => dataset.traits!.of(id);

describe('trait editing', () => {
  it('gives the picture with both captions, and has the counterfactual for its truth', async () => {
    const of = (await suited(traitEditing, { change: { hat: 'red' } })).slice(0, 2);
    const { given, truth, wanted } = await pose(traitEditing, { change: { hat: 'red' } }, of);
    expect(given.captions).toEqual(await Promise.all(of.map((id) => toyfaces.caption!(id))));
    for (const [i, target] of given.targets.entries()) {
      expect(target).toMatch(/ red hat /);
      expect(target).not.toBe(given.captions[i]);
    }
    expect(wanted).toMatchObject({ captions: given.targets, traits: [{ hat: 'red' }, { hat: 'red' }] });
    const { item } = await toyfaces.traits!.edited(of[0]!, { hat: 'red' }, SIZE);
    expect((await values(truth)).subarray(0, item.image.length)).toEqual(item.image);
  });

  it('keeps the picture outside of its mask, to the last bit', async () => {
    const { given, truth, wanted } = await pose(traitEditing, { count: 2 });
    const [x, y, mask] = await Promise.all([given.x, truth, wanted!.mask!].map(values));
    let kept = 0;
    for (let i = 0; i < x!.length; i++) {
      const pixel = Math.floor(i / (3 * 64 * 64)) * 64 * 64 + (i % (64 * 64));
      if (mask![pixel]! > 0) continue;
      kept++;
      expect(x![i]).toBe(y![i]);
    }
    expect(kept).toBeGreaterThan(0);
  });

  it('tells the mask where it is asked to', async () => {
    expect((await pose(traitEditing)).given.mask).toBeUndefined();
    const { given, wanted } = await pose(traitEditing, { giveMask: true });
    expect(given.mask).toBe(wanted!.mask);
  });

  it('draws as many traits as it is asked for, by the seed and the picture alone', async () => {
    const changesOf = async (count: number, of: readonly string[], seed: number) =>
      (await pose(traitEditing, { count }, [...of], seed)).wanted!.traits!;
    const [one, two] = [await changesOf(1, ids, 0), await changesOf(2, ids, 0)];
    // What follows from a change changes too: sunglasses hide the eyes.
    for (const change of one) expect(Object.keys(change).length).toBeOneOf([1, 2]);
    for (const change of two) expect(Object.keys(change).length).toBeGreaterThanOrEqual(2);
    expect(await changesOf(1, ids.slice(1), 0)).toEqual(one.slice(1));
    expect(await changesOf(1, ids, 1)).not.toEqual(one);
  });

  it('draws only what changes the picture, and never the light, which changes all of it', async () => {
    const all = (await toyfaces.ids('test')).slice(0, 40);
    const { wanted } = await pose(traitEditing, { count: 2 }, all);
    for (const [i, change] of wanted!.traits!.entries()) {
      expect(change).not.toHaveProperty('light');
      const own = await traits(toyfaces, all[i]!);
      for (const [trait, value] of Object.entries(change)) expect(own[trait]).not.toBe(value);
    }
    const drawn = new Set(wanted!.traits!.flatMap((change) => Object.keys(change)));
    expect(drawn.size).toBeGreaterThan(8);
  });

  it('leaves out pictures that show it already, or cannot', async () => {
    const params = traitEditing.params.parse({ change: { hat: 'red' } });
    const reasons = new Set<string | null>();
    for (const id of await toyfaces.ids('test'))
      reasons.add(await traitEditing.leavesOut!(toyfaces, id, params));
    expect(reasons).toEqual(
      new Set([
        null,
        'shows hat: red already',
        'a hat sits on short or long hair only',
        'a hat is never worn with a beard',
      ]),
    );
  });

  it('has no change without a trait', () => {
    expect(traitEditing.params.safeParse({ change: {} }).success).toBe(false);
    expect(traitEditing.params.safeParse({ change: 'some' }).success).toBe(false);
  });

  it('has the picture unchanged for its baseline', async () => {
    const { given } = await pose(traitEditing);
    const answer = traitEditing.baseline!.solve(given, [3, 64, 64]) as { x: Tensor };
    expect(await values(answer.x)).toEqual(await values(given.x));
  });
});

describe('trait translation', () => {
  it('is posed on pictures of its first domain, and says both as prompts', async () => {
    const of = (await suited(traitTranslation, {})).slice(0, 3);
    for (const id of of) expect(await traits(toyfaces, id)).toMatchObject({ hair: 'black' });
    const { given, wanted } = await pose(traitTranslation, {}, of);
    expect(given).toMatchObject({ from: 'a face with black hair', to: 'a face with blond hair' });
    expect(wanted!.traits).toEqual(of.map(() => ({ hair: 'blond' })));
  });

  it('has the counterfactual of each picture for its truth', async () => {
    const [id] = await suited(traitTranslation, {});
    const { truth } = await pose(traitTranslation, {}, [id!]);
    const { item } = await toyfaces.traits!.edited(id!, { hair: 'blond' }, SIZE);
    expect(await values(truth)).toEqual(item.image);
  });
});

describe('the examples of a translation', () => {
  const domains = { from: { hair: 'black' }, to: { glasses: 'round' } };
  const params = (examples: number) => traitTranslation.params.parse({ ...domains, examples });
  const shows = (examples: number) => traitTranslation.shows!(toyfaces, params(examples));
  const posed = async (examples: number, dataset: Dataset = toyfaces) => {
    const [id] = await suited(traitTranslation, domains);
    const x = tf.zeros([1, 3, 64, 64]);
    return traitTranslation.pose({ x, ids: [id!], dataset }, params(examples), new BatchStreams(0, [id!]));
  };

  it('are pictures of the training split, as many of each domain as it says', async () => {
    const shown = await shows(3);
    expect(shown).toHaveLength(6);
    for (const [i, id] of shown.entries()) {
      expect(id).toMatch(/^train\//);
      const { hair, glasses } = await traits(toyfaces, id);
      if (i < 3) expect([hair, glasses]).toEqual(['black', expect.not.stringMatching('round')]);
      else expect(glasses).toBe('round');
    }
  });

  it('are those that a method is given', async () => {
    const { from, to } = await (await posed(2)).given.examples!();
    const items = await Promise.all((await shows(2)).map((id) => toyfaces.item(id, SIZE)));
    expect([from.shape, to.shape]).toEqual([
      [2, 3, 64, 64],
      [2, 3, 64, 64],
    ]);
    const all = [...(await values(from)), ...(await values(to))];
    expect(Float32Array.from(all)).toEqual(Float32Array.from(items.flatMap(({ image }) => [...image])));
  });

  it('are painted for a method that asks for them only', async () => {
    const painted: string[] = [];
    const watched: Dataset = {
      ...toyfaces,
      item(id, size) {
        painted.push(id);
        return toyfaces.item(id, size);
      },
    };
    const { given } = await posed(2, watched);
    expect(painted).toEqual([]);
    await given.examples!();
    expect(painted).toHaveLength(4);
  });

  it('are none where none are asked for, or a domain has none', async () => {
    expect(await shows(0)).toEqual([]);
    expect((await posed(0)).given).not.toHaveProperty('examples');
    const untrained = { ...toyfaces, ids: async () => [] };
    expect((await posed(2, untrained)).given).not.toHaveProperty('examples');
  });
});

describe('inversion', () => {
  it('gives pictures with their captions, and has them for its truth', async () => {
    const { given, truth } = await pose(inversion);
    expect(await values(truth)).toEqual(await values(given.x));
    expect(given.captions).toEqual(await Promise.all(ids.map((id) => toyfaces.caption!(id))));
  });

  it('gives no captions where there are none', async () => {
    const { caption: _, ...mute } = toyfaces;
    const x = tf.zeros([1, 3, 8, 8]);
    const { given } = await inversion.pose({ x, ids: ['a'], dataset: mute }, {}, new BatchStreams(0, ['a']));
    expect(given).not.toHaveProperty('captions');
  });
});

describe('generation', () => {
  it('gives captions alone, and wants all that they say', async () => {
    const { given, wanted } = await pose(captionGeneration);
    expect(given).toEqual({ captions: await Promise.all(ids.map((id) => toyfaces.caption!(id))) });
    expect(wanted!.traits).toEqual(await Promise.all(ids.map((id) => traits(toyfaces, id))));
  });

  it('has no baseline', () => {
    expect(captionGeneration.baseline).toBeUndefined();
  });
});
