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
} from '../../../datasets/toyfaces/attributes.ts';
import { attributesOfCaption } from '../../../datasets/toyfaces/index.ts';

/** One thing that a caption states about a picture, as classes to tell apart. */
export interface Trait {
  readonly name: string;
  readonly classes: readonly string[];
  of(attributes: CaptionedAttributes): string;
}

/** The class of a picture that lacks the thing. */
const NONE = 'none';

/** All that a caption of toyfaces states. */
export const TRAITS: readonly Trait[] = [
  { name: 'background colour', classes: BACKGROUNDS, of: (a) => a.background },
  { name: 'background pattern', classes: PATTERNS, of: (a) => a.pattern },
  { name: 'light', classes: LIGHTS, of: (a) => a.light },
  { name: 'looking direction', classes: POSES, of: (a) => a.pose },
  { name: 'expression', classes: EXPRESSIONS, of: (a) => a.expression },
  { name: 'skin', classes: SKINS, of: (a) => a.skin },
  { name: 'beard', classes: ['bearded', NONE], of: (a) => (a.bearded ? 'bearded' : NONE) },
  { name: 'hair style', classes: [...HAIR_STYLES, NONE], of: (a) => a.hair?.style ?? NONE },
  { name: 'hair colour', classes: [...HAIR_COLOURS, NONE], of: (a) => a.hair?.colour ?? NONE },
  { name: 'hat', classes: [...HAT_COLOURS, NONE], of: (a) => a.hat ?? NONE },
  { name: 'eye colour', classes: [...EYE_COLOURS, NONE], of: (a) => a.eyes ?? NONE },
  { name: 'glasses', classes: [...GLASSES, NONE], of: (a) => a.glasses ?? NONE },
];

/** The class of each trait, in the order of TRAITS. Throws RangeError for text that is no caption of toyfaces. */
export function traitsOf(caption: string): number[] {
  const attributes = attributesOfCaption(caption);
  if (!attributes) throw new RangeError(`not a caption of toyfaces: "${caption}"`);
  return TRAITS.map(({ classes, of }) => classes.indexOf(of(attributes)));
}
