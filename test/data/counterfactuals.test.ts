/** What a picture of toyfaces would be with other traits. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  attributesOfCaption,
  PARTS,
  TRAIT_NAMES,
  TRAITS,
  traitsOfCaption,
} from '../../datasets/toyfaces/index.ts';
import type { Traits } from '../../harness/data/dataset.ts';
import { toyfaces } from '../../harness/data/toyfaces.ts';

const size = { height: 64, width: 64 };
const traits = toyfaces.traits!;

const isTraits = (after: Traits | string): after is Traits => typeof after !== 'string';

/** The first test picture that can be changed so. */
async function firstFor(change: Traits): Promise<string> {
  for (const id of await toyfaces.ids('test')) {
    const [own, after] = [await traits.of(id), await traits.after(id, change)];
    if (isTraits(after) && Object.keys(change).every((trait) => own[trait] !== change[trait])) return id;
  }
  throw new Error(`no picture for ${JSON.stringify(change)}`);
}

describe('traits', () => {
  it('are all that a caption states', async () => {
    for (const id of (await toyfaces.ids('test')).slice(0, 50)) {
      const caption = await toyfaces.caption!(id);
      expect(await traits.of(id)).toEqual(traitsOfCaption(caption));
    }
    expect(Object.keys(traits.values)).toEqual(TRAIT_NAMES);
  });

  it('of a text that is no caption are refused', () => {
    expect(() => traitsOfCaption('a cat')).toThrow('not a caption of toyfaces: "a cat"');
  });
});

describe('a counterfactual', () => {
  it.each(
    TRAIT_NAMES.flatMap((trait) =>
      TRAITS[trait].values
        .filter(
          (value) => !(trait === 'eyes' && value === 'none') && !(trait === 'glasses' && value === 'none'),
        )
        .map((value) => ({ [trait]: value }) as Traits),
    ),
  )('%o: has the trait and all others of the picture, in caption and pixels', async (change) => {
    const id = await firstFor(change);
    const [own, edited] = [await traits.of(id), await traits.edited(id, change, size)];
    expect(edited.item.id).toBe(id);
    expect(traitsOfCaption(edited.item.caption!)).toEqual(edited.traits);
    expect(edited.traits).toMatchObject(change);
    const others = Object.keys(own).filter((trait) => own[trait] !== edited.traits[trait]);
    const followers: Record<string, string[]> = {
      glasses: ['eyes'],
      hair: ['hairStyle'],
      hairStyle: ['hair'],
    };
    const [trait] = Object.keys(change) as [string];
    for (const other of others) expect([trait, ...(followers[trait] ?? [])]).toContain(other);
    expect(edited.item.sha256).not.toBe((await toyfaces.item(id, size)).sha256);
  });

  it('takes eyes to the other side of sunglasses only with a colour', async () => {
    const ids = await toyfaces.ids('test');
    const glasses = await Promise.all(ids.map(async (id) => (await traits.of(id)).glasses));
    const hidden = ids[glasses.indexOf('sunglasses')]!;
    const bare = ids[glasses.indexOf('none')]!;
    const told = 'eyes that nothing hides have a colour';
    expect(await traits.after(hidden, { glasses: 'round' })).toBe(told);
    expect(await traits.after(hidden, { glasses: 'round', eyes: 'blue' })).toMatchObject({ eyes: 'blue' });
    expect(await traits.after(hidden, { eyes: 'blue' })).toBe('sunglasses hide the eyes');
    expect(await traits.after(bare, { eyes: 'none' })).toBe(told);
    expect(await traits.after(bare, { glasses: 'sunglasses' })).toMatchObject({ eyes: 'none' });
  });

  it('undone is the picture itself, to the last bit', async () => {
    const id = await firstFor({ hat: 'red' });
    const own = await traits.of(id);
    const { item } = await traits.edited(id, { hat: own.hat! }, size);
    expect(item).toEqual(await toyfaces.item(id, size));
  });

  it('differs from the picture only where its mask says, which is where the part is', async () => {
    const id = await firstFor({ hat: 'red' });
    const [{ image }, { item, mask }] = [
      await toyfaces.item(id, size),
      await traits.edited(id, { hat: 'red' }, size),
    ];
    const hat = PARTS.indexOf('hat');
    const map = (await toyfaces.labels!(id, size)).data;
    for (let i = 0; i < mask.length; i++) {
      const differs = [0, 1, 2].some((c) => image[c * mask.length + i] !== item.image[c * mask.length + i]);
      if (mask[i] === 0) expect(differs || map[i] === hat).toBe(false);
    }
    const share = mask.reduce((sum, value) => sum + value, 0) / mask.length;
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.5);
  });

  it('is the same bytes each time', async () => {
    const hashOf = async () => {
      const { item, mask } = await traits.edited('test/00000', { background: 'teal' }, size);
      return createHash('sha256').update(item.sha256).update(mask).digest('hex');
    };
    expect(await hashOf()).toBe(await hashOf());
  });

  it.each([
    [{ hatt: 'red' }, 'unknown trait "hatt" of toyfaces: did you mean "hat"?'],
    [{ hat: 'rad' }, 'unknown value "rad" of the trait hat: did you mean "red"?'],
    [{ beard: 'yes' }, 'unknown value "yes" of the trait beard: expected one of full, none'],
    [{ toString: 'red' }, 'unknown trait "toString" of toyfaces: expected one of background'],
  ])('of %o is refused', async (change, told) => {
    await expect(traits.edited('test/00000', change as unknown as Traits, size)).rejects.toThrow(told);
  });

  it('that no face of the set has is refused with the reason', async () => {
    const bald = await firstFor({ hairStyle: 'none' });
    expect(await traits.after(bald, { hairStyle: 'none', hat: 'red' })).toBe(
      'a hat sits on short or long hair only',
    );
    await expect(traits.edited(bald, { hair: 'none', hat: 'red' }, size)).rejects.toThrow(
      `toyfaces ${bald} has no such counterfactual: a hat sits on short or long hair only`,
    );
  });
});

it('what pictures have in common is said in words of captions', () => {
  expect(traits.phrase({ hair: 'black' })).toBe('a face with black hair');
  expect(traits.phrase({ hairStyle: 'none' })).toBe('a face with no hair');
  expect(traits.phrase({ glasses: 'sunglasses', expression: 'sad', beard: 'full' })).toBe(
    'a sad bearded face with sunglasses',
  );
  expect(traits.phrase({ hat: 'none', background: 'teal', light: 'left', pose: 'ahead' })).toBe(
    'a face looking ahead with no hat on teal lit from left',
  );
});

it('all traits of a caption together are that caption', async () => {
  for (const id of (await toyfaces.ids('test')).slice(0, 20)) {
    const caption = await toyfaces.caption!(id);
    const own = await traits.of(id);
    const spoken = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== 'none'));
    const words = own.hair === 'none' ? { ...spoken, hair: 'none' } : spoken;
    expect(attributesOfCaption(traits.phrase(words))).toEqual(attributesOfCaption(caption));
  }
});
