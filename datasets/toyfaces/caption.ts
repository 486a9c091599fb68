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

const FRAME = [
  'a',
  'bearded',
  'face',
  'looking',
  'with',
  'no',
  'hair',
  'hat',
  'eyes',
  'glasses',
  'on',
  'lit',
  'from',
];

/** Every word a caption can hold, sorted, each once. */
export const VOCABULARY: readonly string[] = [
  ...new Set([
    ...FRAME,
    ...EXPRESSIONS,
    ...SKINS,
    ...POSES,
    ...HAIR_STYLES,
    ...HAIR_COLOURS,
    ...HAT_COLOURS,
    ...EYE_COLOURS,
    ...GLASSES,
    ...PATTERNS,
    ...BACKGROUNDS,
    ...LIGHTS,
  ]),
].sort();

/** No caption has more words than this. */
export const MAX_CAPTION_WORDS = 22;

/**
 * The caption of a picture:
 * `a EXPRESSION [bearded] SKIN face looking POSE with (no hair | STYLE COLOUR hair) [COLOUR hat] [COLOUR eyes]
 * [round glasses | square glasses | sunglasses] on PATTERN COLOUR lit from LIGHT`.
 */
export function captionOf(a: CaptionedAttributes): string {
  return [
    'a',
    a.expression,
    ...(a.bearded ? ['bearded'] : []),
    a.skin,
    'face looking',
    a.pose,
    'with',
    a.hair ? `${a.hair.style} ${a.hair.colour} hair` : 'no hair',
    ...(a.hat ? [`${a.hat} hat`] : []),
    ...(a.eyes ? [`${a.eyes} eyes`] : []),
    ...(a.glasses ? [a.glasses === 'sunglasses' ? 'sunglasses' : `${a.glasses} glasses`] : []),
    'on',
    a.pattern,
    a.background,
    'lit from',
    a.light,
  ].join(' ');
}

const SENTENCE = new RegExp(
  `^a (?<expression>${EXPRESSIONS.join('|')})(?<bearded> bearded)? (?<skin>${SKINS.join('|')}) ` +
    `face looking (?<pose>${POSES.join('|')}) with ` +
    `(?:no hair|(?<style>${HAIR_STYLES.join('|')}) (?<colour>${HAIR_COLOURS.join('|')}) hair)` +
    `(?: (?<hat>${HAT_COLOURS.join('|')}) hat)?(?: (?<eyes>${EYE_COLOURS.join('|')}) eyes)?` +
    `(?: (?<frame>round|square) glasses| (?<dark>sunglasses))? ` +
    `on (?<pattern>${PATTERNS.join('|')}) (?<background>${BACKGROUNDS.join('|')}) lit from (?<light>${LIGHTS.join('|')})$`,
);

/** The attributes that a caption states, or null if it is no caption of this set; the inverse of `captionOf`. */
export function attributesOfCaption(caption: string): CaptionedAttributes | null {
  const words = SENTENCE.exec(caption)?.groups;
  if (!words) return null;
  // The expression above admits only members of each list.
  return {
    expression: words.expression,
    bearded: words.bearded !== undefined,
    skin: words.skin,
    pose: words.pose,
    hair: words.style ? { style: words.style, colour: words.colour } : null,
    hat: words.hat ?? null,
    eyes: words.eyes ?? null,
    glasses: words.frame ?? words.dark ?? null,
    pattern: words.pattern,
    background: words.background,
    light: words.light,
  } as CaptionedAttributes;
}
