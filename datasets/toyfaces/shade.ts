/**
 * The small shading language the pictures are written in. Only additions, multiplications, divisions, comparisons and
 * square roots are used (all exactly rounded by IEEE 754): no sine or exponential, whose last bits differ between
 * engines, so the pixels are the same everywhere.
 */
export type Colour = readonly [number, number, number];

export function clamp01(t: number): number {
  return t < 0 ? 0 : Math.min(t, 1);
}

export function lerp(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** 0 below `low`, 1 above `high`, smooth between. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = clamp01((value - low) / (high - low));
  return t * t * (3 - 2 * t);
}

/** 1 at 0, falling smoothly to 0 at distance 1; takes the squared distance. */
export function hump(squared: number): number {
  const t = 1 - squared;
  return t > 0 ? t * t : 0;
}

/** A smooth wave of period 1 between -1 and 1, made of two parabolas. */
export function wave(t: number): number {
  const f = t - Math.floor(t);
  return f < 0.5 ? 16 * f * (0.5 - f) : -16 * (f - 0.5) * (1 - f);
}

/** Coverage of a pixel by a shape whose signed distance is d (negative inside), for pixels of size aa. */
export function cover(d: number, aa: number): number {
  return clamp01(0.5 - d / aa);
}

export function mixColour(a: Colour, b: Colour, t: number): Colour {
  return [lerp(a[0], b[0], t), lerp(a[1], b[1], t), lerp(a[2], b[2], t)];
}

export function scaleColour(c: Colour, by: number): Colour {
  return [c[0] * by, c[1] * by, c[2] * by];
}

/** What a picture is made of; a label is an index into this list. */
export const PARTS = [
  'background',
  'skin',
  'hair',
  'brows',
  'eyes',
  'mouth',
  'beard',
  'hat',
  'glasses',
  'clothes',
] as const;
export type Part = (typeof PARTS)[number];

/** The colour of the pixel being painted, in sRGB values from 0 to 1. */
export class Pixel {
  r = 0;
  g = 0;
  b = 0;
  /** What is being painted: layers say it, and a colour does not depend on it. */
  part: Part = 'background';

  /** Paints over what is there. */
  over(c: Colour, alpha: number): void {
    if (alpha <= 0) return;
    this.r += (c[0] - this.r) * alpha;
    this.g += (c[1] - this.g) * alpha;
    this.b += (c[2] - this.b) * alpha;
  }

  /** Paints over with the colour times `light`. */
  overLit(c: Colour, light: number, alpha: number): void {
    if (alpha <= 0) return;
    this.r += (c[0] * light - this.r) * alpha;
    this.g += (c[1] * light - this.g) * alpha;
    this.b += (c[2] * light - this.b) * alpha;
  }

  /** Darkens by the given share. */
  shade(amount: number): void {
    const keep = 1 - amount;
    this.r *= keep;
    this.g *= keep;
    this.b *= keep;
  }

  /** Brightens by adding the same to each channel. */
  glow(amount: number): void {
    this.r += amount;
    this.g += amount;
    this.b += amount;
  }
}

/** Where a pixel lies. Lengths in units of the head's half height, x to the right, y down. */
export interface Fragment {
  /** Picture coordinates in [-1, 1]. */
  sx: number;
  sy: number;
  /** Head coordinates, before turning. */
  x: number;
  y: number;
  /** Size of a pixel in head units. */
  pixel: number;
  /** Approximate signed distance to the head's outline. */
  outline: number;
  /** Unit normal of the head's egg (z towards the viewer). */
  nx: number;
  ny: number;
  nz: number;
  /** Position on the face as seen from its front; `front` > 0 on the face's half of the head. */
  u: number;
  v: number;
  front: number;
  /** Size of a pixel in face coordinates: grows where the face turns away. */
  facePixel: number;
}

/** Paints one part of the picture. */
export type Layer = (f: Fragment, p: Pixel) => void;
