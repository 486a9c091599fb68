import type { Attributes } from './attributes.ts';
import { type Colour, clamp01, mixColour, scaleColour } from './shade.ts';

const SKIN: Record<Attributes['skin'], Colour> = {
  pale: [0.98, 0.87, 0.81],
  fair: [0.95, 0.78, 0.66],
  tan: [0.85, 0.63, 0.46],
  brown: [0.66, 0.44, 0.3],
  dark: [0.47, 0.3, 0.21],
};
const HAIR: Record<NonNullable<Attributes['hair']>['colour'], Colour> = {
  black: [0.14, 0.12, 0.13],
  brown: [0.4, 0.24, 0.14],
  blond: [0.88, 0.71, 0.38],
  red: [0.74, 0.29, 0.13],
  grey: [0.68, 0.68, 0.7],
};
const HAT: Record<NonNullable<Attributes['hat']>, Colour> = {
  red: [0.78, 0.2, 0.2],
  blue: [0.22, 0.36, 0.72],
  green: [0.22, 0.52, 0.32],
  yellow: [0.93, 0.75, 0.22],
};
const IRIS: Record<NonNullable<Attributes['eyes']>, Colour> = {
  brown: [0.38, 0.2, 0.08],
  blue: [0.2, 0.46, 0.85],
  green: [0.22, 0.58, 0.28],
  grey: [0.54, 0.59, 0.64],
};
const BACKGROUND: Record<Attributes['background'], Colour> = {
  blue: [0.36, 0.56, 0.84],
  green: [0.42, 0.68, 0.42],
  pink: [0.93, 0.62, 0.72],
  purple: [0.56, 0.42, 0.74],
  orange: [0.93, 0.6, 0.3],
  yellow: [0.95, 0.84, 0.48],
  teal: [0.25, 0.62, 0.62],
  grey: [0.62, 0.63, 0.65],
};
const SHIRTS: readonly Colour[] = [
  [0.92, 0.91, 0.88],
  [0.22, 0.26, 0.38],
  [0.55, 0.22, 0.26],
  [0.3, 0.44, 0.4],
  [0.86, 0.7, 0.46],
  [0.42, 0.4, 0.44],
];
/** Brows and beards of bald heads. */
const DARK_BROWN: Colour = [0.26, 0.17, 0.12];

/** Towards the light: x to the right, y down, z to the viewer; about unit length. */
const LIGHT: Record<Attributes['light'], Colour> = {
  left: [-0.74, -0.3, 0.6],
  above: [0, -0.74, 0.67],
  right: [0.74, -0.3, 0.6],
};
/** Sine and cosine of 0.56 radians, the angle of a turned head. */
const TURN = { sin: 0.5312, cos: 0.8473 };

/** Attributes turned into colours and lengths, once a picture. */
export interface Look {
  readonly attributes: Attributes;
  readonly light: Colour;
  readonly sinYaw: number;
  readonly cosYaw: number;
  readonly sinRoll: number;
  readonly cosRoll: number;
  readonly centreX: number;
  readonly centreY: number;
  readonly scale: number;
  /** Half width of the head, and how much it narrows towards the chin. */
  readonly width: number;
  readonly jaw: number;
  readonly skin: Colour;
  /** Skin in shadow: darker and redder. */
  readonly skinShadow: Colour;
  readonly lip: Colour;
  readonly hair: Colour;
  readonly hairShadow: Colour;
  readonly brow: Colour;
  readonly hat: Colour;
  readonly iris: Colour;
  readonly background: Colour;
  readonly shirt: Colour;
}

export function lookOf(attributes: Attributes): Look {
  const d = attributes.details;
  const skin = scaleColour(SKIN[attributes.skin], 1 + 0.035 * d.skinTone);
  const hair = attributes.hair
    ? scaleColour(HAIR[attributes.hair.colour], 1 + 0.08 * d.hairTone)
    : DARK_BROWN;
  const yaw = rotation(d.yaw);
  const turn = { left: -TURN.sin, ahead: 0, right: TURN.sin }[attributes.pose];
  const straight = attributes.pose === 'ahead' ? 1 : TURN.cos;
  const roll = rotation(d.roll);
  return {
    attributes,
    light: LIGHT[attributes.light],
    sinYaw: turn * yaw.cos + straight * yaw.sin,
    cosYaw: straight * yaw.cos - turn * yaw.sin,
    sinRoll: roll.sin,
    cosRoll: roll.cos,
    centreX: d.shiftX,
    centreY: 0.05 + d.shiftY,
    scale: d.scale,
    width: 0.8 + 0.035 * d.headWidth,
    jaw: 0.24 + 0.07 * d.jaw,
    skin,
    skinShadow: [skin[0] * 0.64, skin[1] * 0.47, skin[2] * 0.43],
    lip: mixColour(scaleColour(skin, 0.82), [0.78, 0.25, 0.28], 0.55),
    hair,
    hairShadow: scaleColour(hair, 0.45),
    brow: mixColour(scaleColour(hair, 0.62), DARK_BROWN, 0.35),
    hat: HAT[attributes.hat ?? 'red'],
    iris: IRIS[attributes.eyes ?? 'brown'],
    background: scaleColour(BACKGROUND[attributes.background], 1 + 0.05 * d.backgroundTone),
    shirt: SHIRTS[d.shirt]!,
  };
}

/** Sine and cosine of a small angle by their series, exact to 1e-9 below 0.1 radians. */
function rotation(angle: number): { sin: number; cos: number } {
  const s = angle * angle;
  return { sin: angle * (1 - (s / 6) * (1 - s / 20)), cos: 1 - (s / 2) * (1 - s / 12) };
}

/** Share of the light that a surface with the given normal receives, softened around the terminator; 0 to 1. */
export function lambert(look: Look, nx: number, ny: number, nz: number): number {
  const [lx, ly, lz] = look.light;
  const t = clamp01((nx * lx + ny * ly + nz * lz + 0.45) / 1.4);
  return t * (0.4 + 0.6 * t);
}
