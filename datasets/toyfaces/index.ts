/**
 * toyfaces: procedural, captioned portraits. A picture is a pure function of (seed, index): no files, no native code,
 * the same bytes on every machine.
 */
import { type Attributes, sampleAttributes } from './attributes.ts';
import { captionOf } from './caption.ts';
import { render } from './render.ts';

export type { Attributes, CaptionedAttributes, Details } from './attributes.ts';
export { attributesOfCaption, captionOf, MAX_CAPTION_WORDS, VOCABULARY } from './caption.ts';
export { type Edited, edited } from './edited.ts';
export { labels } from './labels.ts';
export { type Neighbour, neighbourOf, neighboursOf } from './neighbour.ts';
export { render } from './render.ts';
export { PARTS, type Part } from './shade.ts';
export {
  phraseOf,
  TRAIT_NAMES,
  TRAITS,
  type TraitName,
  type Traits,
  traitsOf,
  traitsOfCaption,
  whyNone,
  withConsequences,
} from './traits.ts';

/** Pictures of each split; the splits are streams of their own (seed and index), so none can hold another's picture. */
export const SPLITS = {
  train: { seed: 1, count: 20_000 },
  validation: { seed: 2, count: 200 },
  test: { seed: 3, count: 200 },
} as const;

/** Side of the pictures that the manifest and the embedded prior are made for. */
export const SIZE = 64;

export interface Sample {
  readonly attributes: Attributes;
  readonly caption: string;
}

/** What picture `index` of stream `seed` shows. */
export function sample(seed: number, index: number): Sample {
  const attributes = sampleAttributes(seed, index);
  return { attributes, caption: captionOf(attributes) };
}

export interface Batch {
  /** [N,3,size,size] row-major, values in [-1,1]. */
  readonly pixels: Float32Array;
  readonly captions: readonly string[];
}

/** Paints pictures of a split for training, `size` pixels a side. Throws RangeError for an index outside the split. */
export function batch(split: keyof typeof SPLITS, indices: readonly number[], size = SIZE): Batch {
  const { seed, count } = SPLITS[split];
  const plane = size * size;
  const pixels = new Float32Array(indices.length * 3 * plane);
  const captions = indices.map((index, n) => {
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new RangeError(`toyfaces/${split} holds pictures 0 to ${count - 1}, not ${index}`);
    }
    const { attributes, caption } = sample(seed, index);
    const rgb = render(attributes, size);
    for (let channel = 0, o = n * 3 * plane; channel < 3; channel++) {
      for (let i = channel; i < rgb.length; i += 3) pixels[o++] = rgb[i]! / 127.5 - 1;
    }
    return caption;
  });
  return { pixels, captions };
}
