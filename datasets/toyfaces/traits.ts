import {
  BACKGROUNDS,
  type CaptionedAttributes,
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
import { attributesOfCaption } from './caption.ts';
import { PARTS, type Part } from './shade.ts';

/** One thing that a caption states. */
interface Trait {
  /** In words: hair colour. */
  readonly title: string;
  readonly values: readonly string[];
  /** What of a picture it is painted on; shadows and shades may reach further. */
  readonly parts: readonly Part[];
  of(attributes: CaptionedAttributes): string;
}

/** The value of a picture that lacks the thing. */
export const NONE = 'none';

const HEAD = PARTS.filter((part) => part !== 'background' && part !== 'clothes');

/** All that a caption states, by the names that changes use. */
const traits = {
  background: {
    title: 'background colour',
    values: BACKGROUNDS,
    parts: ['background'],
    of: (a) => a.background,
  },
  pattern: { title: 'background pattern', values: PATTERNS, parts: ['background'], of: (a) => a.pattern },
  light: { title: 'light', values: LIGHTS, parts: [], of: (a) => a.light },
  pose: { title: 'looking direction', values: POSES, parts: HEAD, of: (a) => a.pose },
  expression: {
    title: 'expression',
    values: EXPRESSIONS,
    parts: ['brows', 'eyes', 'mouth'],
    of: (a) => a.expression,
  },
  skin: { title: 'skin', values: SKINS, parts: ['skin'], of: (a) => a.skin },
  beard: {
    title: 'beard',
    values: ['full', NONE],
    parts: ['beard'],
    of: (a) => (a.bearded ? 'full' : NONE),
  },
  hairStyle: {
    title: 'hair style',
    values: [...HAIR_STYLES, NONE],
    parts: ['hair'],
    of: (a) => a.hair?.style ?? NONE,
  },
  hair: {
    title: 'hair colour',
    values: [...HAIR_COLOURS, NONE],
    parts: ['hair'],
    of: (a) => a.hair?.colour ?? NONE,
  },
  hat: { title: 'hat', values: [...HAT_COLOURS, NONE], parts: ['hat'], of: (a) => a.hat ?? NONE },
  eyes: { title: 'eye colour', values: [...EYE_COLOURS, NONE], parts: ['eyes'], of: (a) => a.eyes ?? NONE },
  glasses: { title: 'glasses', values: [...GLASSES, NONE], parts: ['glasses'], of: (a) => a.glasses ?? NONE },
} as const satisfies Readonly<Record<string, Trait>>;

export type TraitName = keyof typeof traits;

/** A value of every trait. */
export type Traits = Readonly<Record<TraitName, string>>;

/** In the order of the trait classifier's questions. */
export const TRAITS: Readonly<Record<TraitName, Trait>> = traits;
export const TRAIT_NAMES = Object.keys(traits) as readonly TraitName[];

export function traitsOf(attributes: CaptionedAttributes): Traits {
  return Object.fromEntries(TRAIT_NAMES.map((name) => [name, TRAITS[name].of(attributes)])) as Record<
    TraitName,
    string
  >;
}

/** The traits that a caption states. Throws RangeError for text that is no caption of this set. */
export function traitsOfCaption(caption: string): Traits {
  const attributes = attributesOfCaption(caption);
  if (!attributes) throw new RangeError(`not a caption of toyfaces: "${caption}"`);
  return traitsOf(attributes);
}

/** The inverse of `traitsOf`; the traits are those of a picture (`whyNone` gives null). */
export function attributesOf(traits: Traits): CaptionedAttributes {
  const { hairStyle, hair, beard, hat, eyes, glasses, ...rest } = traits;
  const orNull = (value: string) => (value === NONE ? null : value);
  return {
    ...rest,
    bearded: beard !== NONE,
    hair: hairStyle === NONE ? null : { style: hairStyle, colour: hair },
    hat: orNull(hat),
    eyes: orNull(eyes),
    glasses: orNull(glasses),
  } as CaptionedAttributes;
}

/** Why no picture of the set has these traits together; null: some may. */
export function whyNone({ hairStyle, hair, beard, hat, eyes, glasses }: Traits): string | null {
  if ((hairStyle === NONE) !== (hair === NONE)) return 'hair has a style and a colour, or neither';
  if (hat !== NONE && hairStyle !== 'short' && hairStyle !== 'long')
    return 'a hat sits on short or long hair only';
  if (hat !== NONE && beard !== NONE) return 'a hat is never worn with a beard';
  if (glasses === 'sunglasses' && eyes !== NONE) return 'sunglasses hide the eyes';
  if (glasses !== 'sunglasses' && eyes === NONE) return 'eyes that nothing hides have a colour';
  return null;
}

/** A change with what follows from it: sunglasses hide the eyes, and who has no hair has no colour of it. */
export function withConsequences(change: Partial<Traits>): Partial<Traits> {
  return {
    ...(change.glasses === 'sunglasses' && { eyes: NONE }),
    ...(change.hairStyle === NONE && { hair: NONE }),
    ...(change.hair === NONE && { hairStyle: NONE }),
    ...change,
  };
}

/** What pictures with these traits have in common: `a smiling face with black hair on blue`. */
export function phraseOf(of: Partial<Traits>): string {
  const named = (value: string | undefined, words: string) =>
    value === undefined ? [] : [value === NONE ? `no ${words}` : `${value} ${words}`];
  const hair =
    of.hairStyle === NONE || of.hair === NONE
      ? ['no hair']
      : of.hairStyle !== undefined || of.hair !== undefined
        ? [[of.hairStyle, of.hair, 'hair'].filter((word) => word !== undefined).join(' ')]
        : [];
  const glasses = of.glasses === 'sunglasses' ? ['sunglasses'] : named(of.glasses, 'glasses');
  const worn = [...hair, ...named(of.hat, 'hat'), ...named(of.eyes, 'eyes'), ...glasses];
  const behind = [of.pattern, of.background].filter((word) => word !== undefined);
  const beard = of.beard === undefined ? [] : of.beard === NONE ? [] : ['bearded'];
  return [
    'a',
    ...(of.expression === undefined ? [] : [of.expression]),
    ...beard,
    ...(of.skin === undefined ? [] : [of.skin]),
    'face',
    ...(of.pose === undefined ? [] : [`looking ${of.pose}`]),
    ...(worn.length > 0 ? ['with', ...worn] : []),
    ...(behind.length > 0 ? ['on', ...behind] : []),
    ...(of.light === undefined ? [] : [`lit from ${of.light}`]),
  ].join(' ');
}
