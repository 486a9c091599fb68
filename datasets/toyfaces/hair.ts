import { type Look, lambert } from './look.ts';
import { cover, type Fragment, hump, type Layer, type Pixel, smoothstep, wave } from './shade.ts';

interface Shape {
  /** How far the cap of hair stands off the head. */
  readonly lift: number;
  /** Lowest point of the hair at the sides, in head units. */
  readonly end: number;
  /** Height of zigzag spikes on top. */
  readonly spikes: number;
  /** Strength of the shining band. */
  readonly gloss: number;
}

const SHAPES: Record<NonNullable<Look['attributes']['hair']>['style'], Shape> = {
  short: { lift: 0.09, end: 0.02, spikes: 0, gloss: 1 },
  long: { lift: 0.12, end: 2, spikes: 0, gloss: 1 },
  curly: { lift: 0.12, end: 0.25, spikes: 0, gloss: 0 },
  spiky: { lift: 0.1, end: -0.08, spikes: 0.24, gloss: 0.6 },
  tied: { lift: 0.07, end: 0.1, spikes: 0, gloss: 1 },
};

/** Hair behind the head: long hair falls to the shoulders, a bun sits on top, curls stand all around. */
export function backHair(look: Look): Layer | null {
  const style = look.attributes.hair?.style;
  if (style === 'long') return longHair(look);
  if (style === 'tied') return bun(look);
  if (style === 'curly') return curls(look, 'back');
  return null;
}

/** Hair on the head, around the face. */
export function frontHair(look: Look): Layer | null {
  const style = look.attributes.hair?.style;
  if (!style) return null;
  const cap = hairCap(look, SHAPES[style]);
  if (style !== 'curly') return cap;
  const front = curls(look, 'front');
  return (f, p) => {
    cap(f, p);
    front(f, p);
  };
}

/** Paints hair with strands running along `along` = const lines: low contrast, smooth at the pixel's scale. */
function paint(
  look: Look,
  p: Pixel,
  light: number,
  across: number,
  along: number,
  gloss: number,
  alpha: number,
): void {
  p.part = 'hair';
  const strand = 0.075 * wave(across) + 0.045 * wave(across * 0.6 + along + 0.3);
  p.over(look.hairShadow, alpha);
  p.overLit(look.hair, (0.6 + 0.5 * light) * (1 + strand), alpha * (0.35 + 0.65 * light));
  p.glow(0.12 * gloss * alpha * (0.5 + look.hair[0]) * (1 + 4 * strand));
}

function longHair(look: Look): Layer {
  const { strands, hairVolume } = look.attributes.details;
  const reach = 0.98 + 0.05 * hairVolume;
  const shift = -0.12 * look.sinYaw;
  return (f, p) => {
    const x = f.x - shift;
    const wobble = 0.035 * wave(f.y * 0.9 + strands);
    const half =
      reach + 0.08 * smoothstep(0, 1.2, f.y) + (x > 0 ? wobble : -wobble) - 0.25 * smoothstep(1.1, 1.75, f.y);
    const dome = Math.sqrt((x * x) / (half * half) + ((f.y - 0.0) * (f.y - 0.0)) / 1.25) - 1;
    const d =
      f.y < 0 ? dome : Math.max(Math.abs(x) - half, (f.y - 1.5 - 0.06 * wave(x * 1.3 + strands)) * 0.8);
    const alpha = cover(d, f.pixel);
    if (alpha <= 0) return;
    const light = lambert(look, x / 1.1, -0.2, 0.45);
    const across = x * 3.4 + 0.25 * wave(f.y * 0.8 + strands);
    paint(look, p, light * 0.85, across, f.y, 0, alpha);
  };
}

function bun(look: Look): Layer {
  const { strands, hairVolume } = look.attributes.details;
  const radius = 0.3 + 0.04 * hairVolume;
  const cx = -0.3 * look.sinYaw;
  return (f, p) => {
    const x = (f.x - cx) / radius;
    const y = (f.y + 1.2) / radius;
    const r = Math.sqrt(x * x + y * y);
    const alpha = cover((r - 1) * radius, f.pixel);
    if (alpha <= 0) return;
    const nz = Math.sqrt(Math.max(0, 1 - r * r));
    paint(
      look,
      p,
      lambert(look, x, y, nz),
      r * 2 + x * 0.8 + strands,
      y,
      hump((y + 0.4) * (y + 0.4) * 8) * nz,
      alpha,
    );
  };
}

/** Centres of the curls around the head (x right, y down) and their radii; `front` ones frame the forehead. */
const CURLS: Record<'back' | 'front', readonly (readonly [number, number, number])[]> = {
  back: [
    [-0.98, 0.28, 0.25],
    [0.98, 0.28, 0.25],
    [-1.06, -0.1, 0.28],
    [1.06, -0.1, 0.28],
    [-1.0, -0.48, 0.29],
    [1.0, -0.48, 0.29],
    [-0.76, -0.85, 0.3],
    [0.76, -0.85, 0.3],
    [-0.42, -1.08, 0.3],
    [0.42, -1.08, 0.3],
    [0, -1.16, 0.31],
  ],
  front: [
    [-0.86, -0.12, 0.19],
    [0.86, -0.12, 0.19],
    [-0.8, -0.43, 0.23],
    [0.8, -0.43, 0.23],
    [-0.52, -0.74, 0.26],
    [0.52, -0.74, 0.26],
    [-0.18, -0.86, 0.26],
    [0.2, -0.84, 0.26],
  ],
};

/** A crowd of shaded balls; later ones lie on top. */
function curls(look: Look, where: 'back' | 'front'): Layer {
  const { strands, hairVolume } = look.attributes.details;
  const size = 1.04 + 0.08 * hairVolume;
  const shift = (where === 'back' ? -0.1 : 0.1) * look.sinYaw;
  const balls = CURLS[where].map(([x, y, r], i) => ({
    x: x * (0.97 + 0.03 * hairVolume) + shift + 0.04 * wave(i * 0.37 + strands),
    y: y + 0.04 * wave(i * 0.61 + strands * 2),
    r: r * size * (1 + 0.1 * wave(i * 0.43 + strands)),
  }));
  return (f, p) => {
    if (f.y > 0.7) return;
    for (const ball of balls) {
      const x = (f.x - ball.x) / ball.r;
      const y = (f.y - ball.y) / ball.r;
      const s = x * x + y * y;
      if (s > 1.7) continue;
      const r = Math.sqrt(s);
      const alpha = cover((r - 1) * ball.r, f.pixel);
      const nz = Math.sqrt(Math.max(0, 1 - s));
      const around = 0.55 * f.x;
      const light = lambert(look, 0.45 * x + around, 0.45 * y + 0.4 * f.y, 0.4 + 0.5 * nz);
      paint(
        look,
        p,
        light * (0.7 + 0.3 * nz),
        x * 0.9 + 0.7 * y * y,
        x * 0.5,
        hump((y + 0.3) * (y + 0.3) * 5) * nz * 0.8,
        alpha,
      );
    }
  };
}

/** A cap on an egg a little larger than the head, cut open where the face looks out. */
function hairCap(look: Look, shape: Shape): Layer {
  const { strands, hairVolume, parting, fringe } = look.attributes.details;
  const lift = shape.lift * (1 + 0.25 * hairVolume);
  const width = look.width + lift;
  const height = 1 + lift;
  const long = shape.end > 1;
  const aboveFace = 0.62 - 0.14 * fringe;
  return (f, p) => {
    if (f.y > shape.end + 0.3 && shape.end < 1) return;
    const spike =
      shape.spikes > 0 && f.y < 0.1
        ? shape.spikes * spikeAt(f.x * 2.3 + strands) * smoothstep(0, -0.55, f.y)
        : 0;
    const x = f.x / (width + spike * 0.5);
    // Long hair falls down in front of the shoulders: its egg is drawn out downwards.
    const drop = long && f.y > 0 ? f.y * 0.6 : f.y;
    const y = (drop + 0.04) / (height + spike);
    const rr = x * x + y * y;
    const outside = (Math.sqrt(rr) - 1) * 0.95;
    const edge = cover(outside, f.pixel);
    if (edge <= 0) return;
    const nz = Math.sqrt(Math.max(0, 1 - rr));
    const u = x * look.cosYaw - nz * look.sinYaw;
    const front = x * look.sinYaw + nz * look.cosYaw;
    let alpha = edge * cutFace(f, u, front, aboveFace, parting, shape, strands, look.sinYaw);
    alpha *= shape.end < 1 ? cover(f.y - shape.end - 0.1 * (1 - front), f.pixel * 1.3) : 1;
    if (alpha <= 0) return;
    const light = lambert(look, x, y - 0.1, nz * 0.9 + 0.1);
    const across = u * 3.8 + parting * f.y * 0.8 + strands;
    const shine = shape.gloss * light;
    const band = (f.y + 0.72 - 0.25 * u * u) / 0.16;
    paint(look, p, light, across, f.y, hump(band * band) * shine, alpha);
  };
}

/** Share of hair left at a place of the cap: none in the opening for the face. */
function cutFace(
  f: Fragment,
  u: number,
  front: number,
  above: number,
  parting: number,
  shape: Shape,
  strands: number,
  sinYaw: number,
): number {
  const turned = sinYaw > 0.2 || sinYaw < -0.2 ? sinYaw : 0;
  if (front <= 0) return 1;
  const long = shape.end > 1;
  const sweep = 0.16 * parting * u;
  const fringe = shape.spikes > 0 ? 0.09 * spikeAt(u * 3.1 + strands) : 0.03 * wave(u * 2.2 + strands);
  const wide = (long ? 0.77 : 0.84) + (f.y > 0 ? 0.02 : 0);
  // The far side of a turned head shows no hair below the temple.
  const cu = u * turned > 0 ? (u / wide) * 0.8 : u / wide;
  const cv = (f.y - 0.28) / (0.28 + above + sweep - fringe);
  const d = (f.y < 0.28 ? Math.sqrt(cu * cu * cu * cu + cv * cv) : Math.abs(cu)) - 1;
  return cover(-d * 0.75, f.pixel * 1.25);
}

/** Teeth of a comb between 0 and 1. */
function spikeAt(t: number): number {
  const f = t - Math.floor(t);
  return f < 0.5 ? f * 2 : 2 - f * 2;
}
