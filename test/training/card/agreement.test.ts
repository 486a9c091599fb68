import { expect, it } from 'vitest';
import { captionOf, sample } from '../../../datasets/toyfaces/index.ts';
import { agreementOf } from '../../../harness/training/card/agreement.ts';
import { TRAITS, traitsOf } from '../../../harness/training/card/traits.ts';

const caption =
  'a sad bearded dark face looking left with spiky grey hair blue eyes on dotted green lit from right';

it('reads every trait off a caption, also those it states by leaving them out', () => {
  const stated = Object.fromEntries(
    traitsOf(caption).map((c, i) => [TRAITS[i]!.name, TRAITS[i]!.classes[c]]),
  );
  expect(stated).toEqual({
    'background colour': 'green',
    'background pattern': 'dotted',
    light: 'right',
    'looking direction': 'left',
    expression: 'sad',
    skin: 'dark',
    beard: 'full',
    'hair style': 'spiky',
    'hair colour': 'grey',
    hat: 'none',
    'eye colour': 'blue',
    glasses: 'none',
  });
  expect(() => traitsOf('a photograph')).toThrow('not a caption of toyfaces: "a photograph"');
});

it('two captions state the same traits only if they are the same caption', () => {
  const captions = new Set(Array.from({ length: 2000 }, (_, i) => sample(1, i).caption));
  const stated = new Set([...captions].map((text) => traitsOf(text).join()));
  expect(stated.size).toBe(captions.size);
  expect(captionOf(sample(1, 0).attributes)).toBe(sample(1, 0).caption);
});

it('counts agreement by trait, and in all as the mean of each picture', () => {
  const row = (hit: number): boolean[] => TRAITS.map((_, i) => i < hit);
  const { rows, overall, learntFrom } = agreementOf({
    learntFrom: 7,
    real: [row(12), row(12), row(6), row(6)],
    own: [row(12), row(6), row(6), row(0)],
    unguided: [row(12), row(0), row(0), row(0)],
    shuffled: [row(0), row(0), row(0), row(6)],
  });
  expect(learntFrom).toBe(7);
  expect(rows[0]).toMatchObject({ trait: 'background colour', classes: 8 });
  expect(rows[0]!.own.mean).toBe(0.75);
  expect(rows[0]!.shuffled.mean).toBe(0.25);
  expect(rows[0]!.gain.mean).toBe(0.5);
  expect(rows[11]!.real.mean).toBe(0.5);
  expect(overall.real.mean).toBe(0.75);
  expect(overall.own.mean).toBe(0.5);
  expect(overall.unguided.mean).toBe(0.25);
  // Picture by picture 1, 0.5, 0.5 and -0.5.
  expect(overall.gain.mean).toBe(0.375);
  expect(overall.gain.low).toBeLessThan(0.375);
  expect(overall.gain.high).toBeGreaterThan(0.375);
});
