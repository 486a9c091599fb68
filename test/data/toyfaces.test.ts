import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Attributes,
  attributesOfCaption,
  batch,
  captionOf,
  labels,
  MAX_CAPTION_WORDS,
  neighbourOf,
  neighboursOf,
  PARTS,
  type Part,
  render,
  SIZE,
  SPLITS,
  sample,
  TRAIT_NAMES,
  traitsOf,
  VOCABULARY,
} from '../../datasets/toyfaces/index.ts';
import type { Dataset } from '../../harness/data/dataset.ts';
import { type Manifest, manifestOf } from '../../harness/data/manifest.ts';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import { uniforms } from '../../harness/engine/random.ts';

const folder = join(import.meta.dirname, '../../datasets/toyfaces');
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
const size = { height: SIZE, width: SIZE };

/** The picture with some of its attributes replaced. */
function changed(base: Attributes, change: Partial<Attributes>): Uint8Array {
  return render({ ...base, ...change });
}

/** Mean of all channels over the pixels that `where` (in picture coordinates from -1 to 1) selects. */
function brightness(picture: Uint8Array, where: (x: number, y: number) => boolean): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < picture.length; i++) {
    const pixel = Math.floor(i / 3);
    const x = (2 * (pixel % SIZE) + 1) / SIZE - 1;
    const y = (2 * Math.floor(pixel / SIZE) + 1) / SIZE - 1;
    if (!where(x, y)) continue;
    sum += picture[i]!;
    count++;
  }
  return sum / count;
}

function differingPixels(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i += 3) {
    const distance =
      Math.abs(a[i]! - b[i]!) + Math.abs(a[i + 1]! - b[i + 1]!) + Math.abs(a[i + 2]! - b[i + 2]!);
    if (distance > 24) count++;
  }
  return count;
}

/** A plain portrait to change one thing of. */
const portrait: Attributes = {
  ...sample(SPLITS.validation.seed, 0).attributes,
  expression: 'calm',
  bearded: false,
  skin: 'fair',
  pose: 'ahead',
  hair: { style: 'short', colour: 'brown' },
  hat: null,
  eyes: 'brown',
  glasses: null,
  pattern: 'plain',
  background: 'grey',
  light: 'above',
};

describe('pictures are the same everywhere', () => {
  test('those of validation and test have the sha256 of the manifest', async () => {
    for (const split of ['validation', 'test'] as const) {
      const expected = Object.entries(manifest.splits[split]!.pictures!);
      expect(expected.map(([id]) => id)).toEqual(await toyfaces.ids(split));
      for (const [id, sha256] of expected.filter((_, i) => i % 8 === 3)) {
        expect((await toyfaces.item(id, size)).sha256, id).toBe(sha256);
      }
    }
  });

  test('the first thousand training pictures and captions have the sha256 of their block', async () => {
    const first: Dataset = {
      ...toyfaces,
      ids: async (split) => (split === 'train' ? (await toyfaces.ids(split)).slice(0, 1000) : []),
    };
    const { splits } = await manifestOf(first, size);
    expect(splits.train!.blocks).toEqual(manifest.splits.train!.blocks.slice(0, 1));
    expect(manifest.splits.train!.count).toBe(SPLITS.train.count);
  });

  test('the generator uses no function whose last bits differ between engines', () => {
    const exact = new Set(['abs', 'floor', 'imul', 'max', 'min', 'sqrt']);
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.ts'))) {
      const source = readFileSync(join(folder, name), 'utf8');
      const used = [...source.matchAll(/\bMath\.(\w+)/g)].map((match) => match[1]!);
      expect(
        used.filter((f) => !exact.has(f)),
        name,
      ).toEqual([]);
      expect(/[\w)\]] \*\* /.test(source), `${name} uses **`).toBe(false);
    }
  });

  test('a picture depends on its own index alone', () => {
    const together = batch('test', [5, 9, 5]);
    const alone = batch('test', [9]);
    const length = 3 * SIZE * SIZE;
    expect(together.pixels.slice(length, 2 * length)).toEqual(alone.pixels);
    expect(together.pixels.slice(2 * length)).toEqual(together.pixels.slice(0, length));
    expect(together.captions).toEqual([together.captions[0], alone.captions[0], together.captions[0]]);
  });

  test('the training path and the data set give the same values', async () => {
    const item = await toyfaces.item('validation/00017', size);
    const { pixels, captions } = batch('validation', [17]);
    expect(pixels).toEqual(item.image);
    expect(captions).toEqual([item.caption]);
  });
});

describe('splits', () => {
  test('no picture is in two of them', async () => {
    const seen = new Set<string>();
    for (const split of ['validation', 'test'] as const) {
      for (const sha256 of Object.values(manifest.splits[split]!.pictures!)) seen.add(sha256);
    }
    for (const id of (await toyfaces.ids('train')).slice(0, 200)) {
      seen.add((await toyfaces.item(id, size)).sha256);
    }
    expect(seen.size).toBe(600);
  });

  test('the same index draws unrelated attributes in each', () => {
    const agreements = Array.from({ length: 1000 }, (_, i) => {
      const [a, b] = [sample(SPLITS.train.seed, i).attributes, sample(SPLITS.test.seed, i).attributes];
      return a.background === b.background ? 1 : 0;
    }).reduce<number>((sum, one) => sum + one, 0);
    // One in eight by chance; 80 is more than seven standard deviations away from 125 + 75.
    expect(agreements).toBeGreaterThan(75);
    expect(agreements).toBeLessThan(175);
  });

  test.each(['test/200', 'test/00200', 'train/20000', 'holdout/00001', '00001'])(
    'there is no picture %s',
    async (id) => {
      await expect(toyfaces.item(id, size)).rejects.toThrow(
        `toyfaces has no picture "${id}"; expected train/00000 to train/19999, ` +
          'validation/00000 to validation/00199, test/00000 to test/00199',
      );
    },
  );

  test('an index outside a split is refused', () => {
    expect(() => batch('test', [200])).toThrow('toyfaces/test holds pictures 0 to 199, not 200');
    expect(() => batch('train', [-1])).toThrow(RangeError);
  });

  test('pictures are square', async () => {
    await expect(toyfaces.item('test/00000', { height: 32, width: 64 })).rejects.toThrow('not 64x32');
  });
});

describe('captions', () => {
  const samples = Array.from({ length: 3000 }, (_, i) => sample(SPLITS.train.seed, i));

  test('read as an English phrase', () => {
    expect(captionOf(portrait)).toBe(
      'a calm fair face looking ahead with short brown hair brown eyes on plain grey lit from above',
    );
    const much: Attributes = { ...portrait, hair: null, bearded: true, glasses: 'sunglasses', eyes: null };
    expect(captionOf(much)).toBe(
      'a calm bearded fair face looking ahead with no hair sunglasses on plain grey lit from above',
    );
  });

  test('use the words of the vocabulary, each of them somewhere, and at most 22 a caption', () => {
    const words = samples.map(({ caption }) => caption.split(' '));
    expect([...new Set(words.flat())].sort()).toEqual(VOCABULARY);
    expect(VOCABULARY.length).toBeLessThanOrEqual(60);
    expect(Math.max(...words.map((caption) => caption.length))).toBe(MAX_CAPTION_WORDS);
    expect(MAX_CAPTION_WORDS).toBe(22);
  });

  test('state the attributes completely: they can be read back', () => {
    for (const { attributes, caption } of samples) {
      const { details, ...stated } = attributes;
      expect(details).toBeDefined();
      expect(attributesOfCaption(caption)).toEqual(stated);
    }
  });

  test('other sentences have no attributes', () => {
    expect(attributesOfCaption('')).toBeNull();
    expect(attributesOfCaption('a calm face')).toBeNull();
    expect(attributesOfCaption(`${captionOf(portrait)} today`)).toBeNull();
    expect(attributesOfCaption(captionOf(portrait).replace('fair', 'green'))).toBeNull();
  });

  test('name only what can be seen', () => {
    for (const { attributes: a } of samples) {
      if (a.glasses === 'sunglasses') expect(a.eyes).toBeNull();
      else expect(a.eyes).not.toBeNull();
      if (a.hat) expect(['short', 'long']).toContain(a.hair?.style);
    }
  });
});

describe('pictures show what their caption says', () => {
  const plain = render(portrait);
  const everyChange: Partial<Attributes>[] = [
    ...(['smiling', 'laughing', 'surprised', 'sad'] as const).map((expression) => ({ expression })),
    ...(['pale', 'tan', 'brown', 'dark'] as const).map((skin) => ({ skin })),
    ...(['left', 'right'] as const).map((pose) => ({ pose })),
    ...(['long', 'curly', 'spiky', 'tied'] as const).map((style) => ({
      hair: { style, colour: 'brown' as const },
    })),
    ...(['black', 'blond', 'red', 'grey'] as const).map((colour) => ({
      hair: { style: 'short' as const, colour },
    })),
    ...(['red', 'blue', 'green', 'yellow'] as const).map((hat) => ({ hat })),
    ...(['blue', 'green', 'grey'] as const).map((eyes) => ({ eyes })),
    ...(['round', 'square', 'sunglasses'] as const).map((glasses) => ({ glasses })),
    ...(['glowing', 'striped', 'dotted'] as const).map((pattern) => ({ pattern })),
    ...(['blue', 'green', 'pink', 'purple', 'orange', 'yellow', 'teal'] as const).map((background) => ({
      background,
    })),
    ...(['left', 'right'] as const).map((light) => ({ light })),
    { bearded: true },
    { hair: null },
  ];

  test.each(everyChange)('%o changes the picture visibly', (change) => {
    expect(differingPixels(plain, changed(portrait, change))).toBeGreaterThan(8);
  });

  test('light falls on the side it comes from', () => {
    const level: Attributes = {
      ...portrait,
      hair: null,
      details: { ...portrait.details, shiftX: 0, roll: 0, yaw: 0 },
    };
    const left = changed(level, { light: 'left' });
    const right = changed(level, { light: 'right' });
    const leftCheek = (x: number, y: number) => x > -0.4 && x < -0.1 && y > 0 && y < 0.5;
    const rightCheek = (x: number, y: number) => leftCheek(-x, y);
    expect(brightness(left, leftCheek) - brightness(left, rightCheek)).toBeGreaterThan(15);
    expect(brightness(right, rightCheek) - brightness(right, leftCheek)).toBeGreaterThan(15);
  });

  test('the face lies on the side it looks to', () => {
    const band = (side: number) => (x: number, y: number) => side * x > 0 && Math.abs(y) < 0.2;
    const dark = (pose: Attributes['pose'], side: number) =>
      brightness(changed(portrait, { pose, hair: null, glasses: 'sunglasses', eyes: null }), band(side));
    expect(dark('left', -1)).toBeLessThan(dark('left', 1));
    expect(dark('right', 1)).toBeLessThan(dark('right', -1));
  });
});

describe('neighbours', () => {
  const first = Array.from({ length: 60 }, (_, i) => sample(SPLITS.train.seed, i).attributes);
  const draws = (n: number) => uniforms({ seed: 3, role: 'sample', image: 'neighbours', draw: n });

  test('differ in the one trait that they name, and are faces of the set', () => {
    const named = new Set<string>();
    for (const [n, face] of first.entries()) {
      for (const { attributes, changed: name } of neighboursOf(face, draws(n))) {
        named.add(name);
        expect(attributes.details).toBe(face.details);
        const [own, other] = [traitsOf(face), traitsOf(attributes)];
        expect(TRAIT_NAMES.filter((trait) => own[trait] !== other[trait])).toEqual([name]);
        const { details: _, ...stated } = attributes;
        expect(attributesOfCaption(captionOf(attributes))).toEqual(stated);
      }
    }
    expect([...named].sort()).toEqual([...TRAIT_NAMES].sort());
  });

  test('are every one that there is, by turns', () => {
    const face = first[0]!;
    const drawn = new Set(Array.from({ length: 400 }, (_, n) => neighbourOf(face, draws(n)).changed));
    expect([...drawn].sort()).toEqual(
      neighboursOf(face, draws(0))
        .map((neighbour) => neighbour.changed)
        .sort(),
    );
  });

  test('look different', () => {
    for (const [n, face] of first.slice(0, 5).entries()) {
      for (const { attributes, changed: name } of neighboursOf(face, draws(n)))
        expect(differingPixels(render(face), render(attributes)), name).toBeGreaterThan(8);
    }
  });
});

describe('labels', () => {
  const shown = (map: Uint8Array) => new Set([...map].map((label) => PARTS[label]!));
  const faces = Array.from({ length: 60 }, (_, index) => sample(SPLITS.test.seed, index).attributes);

  test('name a hat, glasses, a beard and hair where the caption does, and skin in every picture', () => {
    for (const attributes of faces) {
      const parts = shown(labels(attributes));
      const { hat, glasses, bearded, hair } = attributes;
      expect([hat, glasses, hair].map((part) => part !== null)).toEqual(
        (['hat', 'glasses', 'hair'] as const).map((part) => parts.has(part)),
      );
      expect(parts.has('beard')).toBe(bearded);
      expect(parts.has('skin') && parts.has('background') && parts.has('clothes')).toBe(true);
    }
  });

  test('call a pixel hat where the hat gives most of its colour', () => {
    const attributes = faces.find(({ hat }) => hat !== null)!;
    const [red, blue] = (['red', 'blue'] as const).map((hat) => changed(attributes, { hat }));
    const map = labels(attributes);
    const difference = (i: number) =>
      [0, 1, 2].reduce((sum, c) => sum + Math.abs(red![3 * i + c]! - blue![3 * i + c]!), 0);
    for (const [i, label] of map.entries()) {
      if (PARTS[label] === 'hat') expect(difference(i)).toBeGreaterThan(20);
      if (difference(i) > 250) expect(PARTS[label]).toBe('hat');
    }
    expect([...map.keys()].filter((i) => difference(i) > 250).length).toBeGreaterThan(50);
  });

  test('know what is in front: sunglasses hide eyes, clear glasses show them', () => {
    const [base] = faces.filter(({ pose }) => pose === 'ahead');
    const of = (glasses: Attributes['glasses']) => shown(labels({ ...base!, glasses }));
    const eyes: Part = 'eyes';
    expect(of('sunglasses').has(eyes)).toBe(false);
    expect(of('round').has(eyes)).toBe(true);
  });

  test('are the same bytes each time, one class a pixel', async () => {
    const first = await toyfaces.labels!('test/00007', size);
    expect(first).toEqual(await toyfaces.labels!('test/00007', size));
    expect(first).toMatchObject({ ...size, classes: PARTS });
    expect(first.data).toHaveLength(SIZE * SIZE);
    const hash = createHash('sha256');
    for (const id of (await toyfaces.ids('test')).slice(0, 8))
      hash.update((await toyfaces.labels!(id, size)).data);
    expect(hash.digest('hex')).toBe('9d05613e79efcacfb2401bb14d23ec6a352195281ed16b94216975d902e58dd6');
  });

  test('are painted for square pictures only, as pictures are', async () => {
    await expect(toyfaces.labels!('test/00000', { width: 64, height: 32 })).rejects.toThrow('not 64x32');
  });
});
