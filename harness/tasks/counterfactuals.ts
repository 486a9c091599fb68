import type { Dataset, PaintedTraits, Traits } from '../data/dataset.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import type { PictureSize } from '../pictures/image8.ts';

/** What pictures would be with some of their traits changed. */
interface Counterfactuals {
  /** [B,3,H,W] in [-1,1]. */
  readonly x: Tensor;
  readonly captions: readonly string[];
  /** [B,1,H,W]: 1 where they may differ from the pictures, else 0. */
  readonly mask: Tensor;
  /** The traits that differ, with their new values: those of the change, and what follows from them. */
  readonly traits: readonly Traits[];
}

/** @throws UserError for a set that does not know, and for a change that a picture cannot have */
export async function counterfactuals(
  dataset: Dataset,
  ids: readonly string[],
  changeOf: (id: string, i: number) => Promise<Traits>,
  size: PictureSize,
): Promise<Counterfactuals> {
  const painted = paintedTraits(dataset);
  const all = await Promise.all(
    ids.map(async (id, i) => {
      const { item, traits, mask } = await painted.edited(id, await changeOf(id, i), size);
      return { item, mask, changed: differing(await painted.of(id), traits) };
    }),
  );
  const { height, width } = size;
  return {
    x: tf.stack(all.map(({ item }) => tf.tensor(item.image, [3, height, width]))),
    captions: all.map(({ item }) => item.caption!),
    mask: tf.stack(all.map(({ mask }) => tf.tensor(Float32Array.from(mask), [1, height, width]))),
    traits: all.map(({ changed }) => changed),
  };
}

/** @throws UserError for a set that does not know what its pictures would be with other traits */
export function paintedTraits({ name, traits }: Dataset): PaintedTraits {
  if (traits) return traits;
  throw new UserError(`the data set ${name} does not know what its pictures would be with other traits`);
}

/** Why a picture has no such counterfactual that differs in all of these; null: it has. */
export async function lackOfChange(
  painted: PaintedTraits,
  id: string,
  change: Traits,
): Promise<string | null> {
  const own = await painted.of(id);
  const same = Object.keys(change).find((trait) => own[trait] === change[trait]);
  if (same !== undefined) return `shows ${inWords({ [same]: own[same]! })} already`;
  const after = await painted.after(id, change);
  return typeof after === 'string' ? after : null;
}

function differing(before: Traits, after: Traits): Traits {
  return Object.fromEntries(Object.entries(after).filter(([trait, value]) => before[trait] !== value));
}

/** `hat: red, glasses: none`. */
export function inWords(traits: Traits): string {
  return Object.entries(traits)
    .map(([trait, value]) => `${trait}: ${value}`)
    .join(', ');
}
