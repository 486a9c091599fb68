import * as toyfaces from '../../datasets/toyfaces/index.ts';
import { captionOf, neighboursOf, SPLITS, sample } from '../../datasets/toyfaces/index.ts';
import { uniforms } from '../engine/random.ts';
import { range } from './card/pictures.ts';

/** Unit vectors of pictures [N,3,side,side] and of texts, row after row. */
export interface ClipTowers {
  readonly side: number;
  images(pixels: Float32Array, count: number): Promise<Float32Array>;
  texts(captions: readonly string[]): Promise<Float32Array>;
}

/** Pictures among which one is looked for. */
const AMONG = 100;
const PICTURES = SPLITS.validation.count;

/** The validation split as a CLIP is asked about it, with the vectors of all texts. */
export interface Asked {
  readonly pixels: Float32Array;
  readonly captions: readonly string[];
  readonly texts: Float32Array;
  /** The pictures' captions with one trait changed, and of which pictures. */
  readonly neighbours: readonly { readonly picture: number; readonly changed: string }[];
  readonly changedTexts: Float32Array;
}

export async function askedOf(towers: Pick<ClipTowers, 'side' | 'texts'>): Promise<Asked> {
  const { pixels, captions } = toyfaces.batch('validation', range(PICTURES), towers.side);
  const neighbours = range(PICTURES).flatMap((picture) => {
    const random = uniforms({ seed: 0, role: 'sample', image: 'neighbours', draw: picture });
    const { attributes } = sample(SPLITS.validation.seed, picture);
    return neighboursOf(attributes, random).map((neighbour) => ({ picture, ...neighbour }));
  });
  return {
    pixels,
    captions,
    texts: await towers.texts(captions),
    neighbours,
    changedTexts: await towers.texts(neighbours.map(({ attributes }) => captionOf(attributes))),
  };
}

/**
 * What a CLIP knows of the validation split: the share of pictures whose own caption is the nearest of a hundred, of captions
 * whose own picture is; and by the name of a trait, and over all, the share of pictures that are nearer to their caption than
 * to the same with that trait changed.
 */
export async function clipAccuracy(
  towers: Pick<ClipTowers, 'images'>,
  { pixels, captions, texts, neighbours, changedTexts }: Asked,
): Promise<Record<string, number>> {
  const images = await towers.images(pixels, PICTURES);
  const width = texts.length / PICTURES;
  const cosine = (a: Float32Array, i: number, b: Float32Array, j: number): number => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += a[i * width + k]! * b[j * width + k]!;
    return sum;
  };
  const nearest = (own: Float32Array, others: Float32Array): number => {
    const found = range(PICTURES).filter((i) => {
      const first = i - (i % AMONG);
      return range(AMONG).every(
        (n) =>
          captions[first + n] === captions[i] ||
          cosine(own, i, others, first + n) < cosine(own, i, others, i),
      );
    });
    return found.length / PICTURES;
  };
  const right = neighbours.map(
    ({ picture }, n) => cosine(images, picture, changedTexts, n) < cosine(images, picture, texts, picture),
  );
  const share = (of: (name: string) => boolean): number => {
    const asked = right.filter((_, n) => of(neighbours[n]!.changed));
    return asked.filter(Boolean).length / asked.length;
  };
  const names = [...new Set(neighbours.map((neighbour) => neighbour.changed))];
  return {
    caption: nearest(images, texts),
    picture: nearest(texts, images),
    neighbours: share(() => true),
    ...Object.fromEntries(names.map((name) => [name, share((other) => other === name)])),
  };
}
