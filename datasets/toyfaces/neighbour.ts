import type { Attributes } from './attributes.ts';
import {
  attributesOf,
  TRAIT_NAMES,
  TRAITS,
  type TraitName,
  type Traits,
  traitsOf,
  whyNone,
} from './traits.ts';

/** The same face with one trait changed, and which. */
export interface Neighbour {
  readonly attributes: Attributes;
  readonly changed: TraitName;
}

/** Every way to change each trait alone, of those that can. */
function changesOf(traits: Traits): [TraitName, Traits[]][] {
  return TRAIT_NAMES.map((name): [TraitName, Traits[]] => {
    const others = TRAITS[name].values.filter((value) => value !== traits[name]);
    const changed = others.map((value): Traits => ({ ...traits, [name]: value }));
    return [name, changed.filter((one) => whyNone(one) === null)];
  }).filter(([, changed]) => changed.length > 0);
}

/** For each trait that can change alone the face with another value of it, drawn at random; details stay. */
export function neighboursOf(face: Attributes, random: () => number): Neighbour[] {
  return changesOf(traitsOf(face)).map(([changed, values]) => ({
    attributes: { ...attributesOf(pick(values, random)), details: face.details },
    changed,
  }));
}

/** One neighbour: first the trait is drawn, then its value. */
export function neighbourOf(face: Attributes, random: () => number): Neighbour {
  const [changed, values] = pick(changesOf(traitsOf(face)), random);
  return { attributes: { ...attributesOf(pick(values, random)), details: face.details }, changed };
}

/** @param random numbers in [0,1) */
function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)]!;
}
