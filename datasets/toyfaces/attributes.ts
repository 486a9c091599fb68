import { Draws } from './random.ts';

export const EXPRESSIONS = ['smiling', 'laughing', 'calm', 'surprised', 'sad'] as const;
export const SKINS = ['pale', 'fair', 'tan', 'brown', 'dark'] as const;
/** Directions are the viewer's. */
export const POSES = ['left', 'ahead', 'right'] as const;
export const HAIR_STYLES = ['short', 'long', 'curly', 'spiky', 'tied'] as const;
export const HAIR_COLOURS = ['black', 'brown', 'blond', 'red', 'grey'] as const;
export const HAT_COLOURS = ['red', 'blue', 'green', 'yellow'] as const;
export const EYE_COLOURS = ['brown', 'blue', 'green', 'grey'] as const;
export const GLASSES = ['round', 'square', 'sunglasses'] as const;
export const PATTERNS = ['plain', 'glowing', 'striped', 'dotted'] as const;
export const BACKGROUNDS = ['blue', 'green', 'pink', 'purple', 'orange', 'yellow', 'teal', 'grey'] as const;
export const LIGHTS = ['left', 'above', 'right'] as const;

/** What a caption states about a picture, and all of it. */
export interface CaptionedAttributes {
  readonly expression: (typeof EXPRESSIONS)[number];
  readonly bearded: boolean;
  readonly skin: (typeof SKINS)[number];
  readonly pose: (typeof POSES)[number];
  /** null: bald. */
  readonly hair: {
    readonly style: (typeof HAIR_STYLES)[number];
    readonly colour: (typeof HAIR_COLOURS)[number];
  } | null;
  /** Only over short or long hair, and never with a beard. */
  readonly hat: (typeof HAT_COLOURS)[number] | null;
  /** null behind sunglasses. */
  readonly eyes: (typeof EYE_COLOURS)[number] | null;
  readonly glasses: (typeof GLASSES)[number] | null;
  readonly pattern: (typeof PATTERNS)[number];
  readonly background: (typeof BACKGROUNDS)[number];
  readonly light: (typeof LIGHTS)[number];
}

/** What varies from picture to picture without being named in the caption. Lengths in units of the head's half height. */
export interface Details {
  /** Rotations in radians: about the vertical axis beyond the pose's own angle, and in the picture plane. */
  readonly yaw: number;
  readonly roll: number;
  /** Position and half height of the head, in half picture sizes. */
  readonly shiftX: number;
  readonly shiftY: number;
  readonly scale: number;
  /** Proportions around 0, in [-1, 1]. */
  readonly headWidth: number;
  readonly jaw: number;
  readonly eyeSize: number;
  readonly eyeDistance: number;
  readonly browHeight: number;
  readonly noseSize: number;
  readonly mouthWidth: number;
  readonly lipFullness: number;
  readonly hairVolume: number;
  /** Side of the parting: -1 or 1, and how far the fringe falls, 0 to 1. */
  readonly parting: number;
  readonly fringe: number;
  /** Shifts of skin, hair and background brightness, in [-1, 1]. */
  readonly skinTone: number;
  readonly hairTone: number;
  readonly backgroundTone: number;
  /** Position of the background's pattern, 0 to 1, and its slope, in [-1, 1]. */
  readonly patternPhase: number;
  readonly patternSlope: number;
  /** Index of the shirt's colour. */
  readonly shirt: number;
  /** Strength of the cheeks' colour and phase of hair strands, 0 to 1. */
  readonly blush: number;
  readonly strands: number;
}

/** Everything a picture is made of. */
export interface Attributes extends CaptionedAttributes {
  readonly details: Details;
}

/** Attributes of picture `index` of the stream `seed`. */
export function sampleAttributes(seed: number, index: number): Attributes {
  const draws = new Draws(seed, index);
  const expression = draws.pick(EXPRESSIONS);
  const skin = draws.pick(SKINS);
  const pose = draws.pick(POSES);
  const colour = draws.pick(HAIR_COLOURS);
  const style = draws.pick(HAIR_STYLES);
  const bald = draws.chance(0.1);
  const hatColour = draws.pick(HAT_COLOURS);
  const hatted = draws.chance(0.4) && !bald && (style === 'short' || style === 'long');
  const bearded = draws.chance(0.22) && !hatted;
  const glasses = draws.chance(0.5) ? draws.pick(GLASSES) : null;
  const eyes = draws.pick(EYE_COLOURS);
  return {
    expression,
    bearded,
    skin,
    pose,
    hair: bald ? null : { style, colour },
    hat: hatted ? hatColour : null,
    eyes: glasses === 'sunglasses' ? null : eyes,
    glasses,
    pattern: draws.pick(PATTERNS),
    background: draws.pick(BACKGROUNDS),
    light: draws.pick(LIGHTS),
    details: sampleDetails(draws),
  };
}

function sampleDetails(draws: Draws): Details {
  const proportion = () => draws.between(-1, 1);
  return {
    yaw: draws.between(-0.07, 0.07),
    roll: draws.between(-0.1, 0.1),
    shiftX: draws.between(-0.05, 0.05),
    shiftY: draws.between(-0.04, 0.04),
    scale: draws.between(0.62, 0.68),
    headWidth: proportion(),
    jaw: proportion(),
    eyeSize: proportion(),
    eyeDistance: proportion(),
    browHeight: proportion(),
    noseSize: proportion(),
    mouthWidth: proportion(),
    lipFullness: proportion(),
    hairVolume: proportion(),
    parting: draws.chance(0.5) ? 1 : -1,
    fringe: draws.next(),
    skinTone: proportion(),
    hairTone: proportion(),
    backgroundTone: proportion(),
    patternPhase: draws.next(),
    patternSlope: proportion(),
    shirt: Math.floor(draws.between(0, 6)),
    blush: draws.next(),
    strands: draws.next(),
  };
}
