import {
  type Attributes,
  BACKGROUNDS,
  EXPRESSIONS,
  EYE_COLOURS,
  GLASSES,
  HAIR_COLOURS,
  HAIR_STYLES,
  HAT_COLOURS,
  LIGHTS,
  PATTERNS,
  POSES,
  SKINS,
} from './attributes.ts';

type Change = Partial<Attributes>;

/** Every way to change one captioned attribute alone, by the attribute's name: no caption that the set cannot have. */
function changesOf(a: Attributes): Readonly<Record<string, readonly Change[]>> {
  const others = <T, C extends Change>(all: readonly T[], own: T, change: (value: T) => C): readonly C[] =>
    all.filter((value) => value !== own).map(change);
  const { hair, eyes, glasses } = a;
  const underHat = ['short', 'long'] as const;
  const styles = a.hat === null ? HAIR_STYLES : underHat;
  const hatFits = hair !== null && !a.bearded && underHat.some((style) => style === hair.style);
  const clear = GLASSES.filter((kind) => kind !== 'sunglasses');
  return {
    expression: others(EXPRESSIONS, a.expression, (expression) => ({ expression })),
    beard: a.hat === null ? [{ bearded: !a.bearded }] : [],
    skin: others(SKINS, a.skin, (skin) => ({ skin })),
    pose: others(POSES, a.pose, (pose) => ({ pose })),
    hairStyle: hair ? others(styles, hair.style, (style) => ({ hair: { ...hair, style } })) : [],
    hairColour: hair ? others(HAIR_COLOURS, hair.colour, (colour) => ({ hair: { ...hair, colour } })) : [],
    hat: hatFits ? others([...HAT_COLOURS, null], a.hat, (hat) => ({ hat })) : [],
    eyes: eyes ? others(EYE_COLOURS, eyes, (colour) => ({ eyes: colour })) : [],
    glasses: eyes ? others([...clear, null], glasses, (kind) => ({ glasses: kind })) : [],
    pattern: others(PATTERNS, a.pattern, (pattern) => ({ pattern })),
    background: others(BACKGROUNDS, a.background, (background) => ({ background })),
    light: others(LIGHTS, a.light, (light) => ({ light })),
  };
}

/** The same face with one captioned attribute changed, and which. */
export interface Neighbour {
  readonly attributes: Attributes;
  readonly changed: string;
}

/**
 * A neighbour at random: first the attribute among those that can change alone, then its value. Details stay.
 * @param random numbers in [0,1)
 */
export function neighbourOf(attributes: Attributes, random: () => number): Neighbour {
  const [changed, changes] = pick(possibleChanges(attributes), random);
  return { attributes: { ...attributes, ...pick(changes, random) }, changed };
}

/** A neighbour for each attribute that can change alone, its value at random. */
export function neighboursOf(attributes: Attributes, random: () => number): Neighbour[] {
  return possibleChanges(attributes).map(([changed, changes]) => ({
    attributes: { ...attributes, ...pick(changes, random) },
    changed,
  }));
}

function possibleChanges(attributes: Attributes): [string, readonly Change[]][] {
  return Object.entries(changesOf(attributes)).filter(([, changes]) => changes.length > 0);
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)]!;
}
