import { type Look, lambert } from './look.ts';
import {
  type Colour,
  clamp01,
  cover,
  type Fragment,
  hump,
  type Layer,
  mixColour,
  type Pixel,
  smoothstep,
} from './shade.ts';

interface Mood {
  /** Half heights of the open eye above and below its centre. */
  readonly lidUp: number;
  readonly lidDown: number;
  /** Brows: height above the eyes, rise towards the nose, arch. */
  readonly brow: number;
  readonly browInner: number;
  readonly browArch: number;
  /** Mouth: half width, upward bend of the corners, opening above and below the line, roundness of its ends. */
  readonly mouth: number;
  readonly bend: number;
  readonly openUp: number;
  readonly openDown: number;
  readonly round: number;
}

const MOODS: Record<Look['attributes']['expression'], Mood> = {
  calm: {
    lidUp: 0.115,
    lidDown: 0.08,
    brow: 0.3,
    browInner: 0,
    browArch: 0.05,
    mouth: 0.27,
    bend: 0.0,
    openUp: 0.004,
    openDown: 0.004,
    round: 0,
  },
  smiling: {
    lidUp: 0.115,
    lidDown: 0.06,
    brow: 0.32,
    browInner: 0,
    browArch: 0.07,
    mouth: 0.37,
    bend: 0.13,
    openUp: 0.006,
    openDown: 0.012,
    round: 0,
  },
  laughing: {
    lidUp: 0.1,
    lidDown: 0.035,
    brow: 0.35,
    browInner: 0.01,
    browArch: 0.09,
    mouth: 0.38,
    bend: 0.13,
    openUp: 0.02,
    openDown: 0.2,
    round: 0.25,
  },
  surprised: {
    lidUp: 0.165,
    lidDown: 0.13,
    brow: 0.43,
    browInner: 0.02,
    browArch: 0.09,
    mouth: 0.15,
    bend: 0,
    openUp: 0.11,
    openDown: 0.13,
    round: 1,
  },
  sad: {
    lidUp: 0.095,
    lidDown: 0.085,
    brow: 0.3,
    browInner: 0.11,
    browArch: 0.01,
    mouth: 0.26,
    bend: -0.11,
    openUp: 0.004,
    openDown: 0.004,
    round: 0,
  },
};

const EYE_V = -0.05;
const MOUTH_V = 0.6;
const TEETH: Colour = [0.97, 0.95, 0.92];
const MOUTH_INSIDE: Colour = [0.36, 0.09, 0.1];
const TONGUE: Colour = [0.82, 0.4, 0.42];
const SCLERA: Colour = [0.97, 0.96, 0.95];
const PUPIL: Colour = [0.05, 0.04, 0.05];
const LASH: Colour = [0.13, 0.08, 0.07];

/** Brows, eyes and mouth. */
export function features(look: Look): Layer {
  const mood = MOODS[look.attributes.expression];
  const { details } = look.attributes;
  const eyeU = 0.34 + 0.02 * details.eyeDistance;
  const eyeSize = 1.05 + 0.07 * details.eyeSize;
  const browHeight = mood.brow + 0.02 * details.browHeight;
  return (f, p) => {
    if (f.front < 0.05 || f.outline > 0 || f.v < -0.7) return;
    if (f.v < 0.2) {
      for (const side of [-1, 1] as const) {
        // Outwards is positive for both eyes.
        const du = (f.u - side * eyeU) * side;
        if (du < -0.4 || du > 0.4) continue;
        brow(look, mood, browHeight, f, p, du);
        eye(look, mood, f, p, du / eyeSize, (f.v - EYE_V) / eyeSize, side, eyeSize);
      }
    } else {
      mouth(look, mood, f, p);
    }
  };
}

function brow(look: Look, mood: Mood, height: number, f: Fragment, p: Pixel, du: number): void {
  p.part = 'brows';
  const t = (du - 0.01) / 0.25;
  const line = EYE_V - height - mood.browArch * (1 - t * t) + mood.browInner * t + 0.02;
  const thickness = 0.052 * (1.05 - 0.35 * t);
  const d = Math.max(Math.abs(f.v - line) - thickness, (Math.abs(t) - 1) * 0.25);
  p.over(look.brow, 0.9 * cover(d, f.facePixel * 1.2));
}

function eye(
  look: Look,
  mood: Mood,
  f: Fragment,
  p: Pixel,
  du: number,
  dv: number,
  side: 1 | -1,
  size: number,
): void {
  const aa = (f.facePixel * 1.1) / size;
  const t = du / 0.215;
  if (t * t > 1.7 || dv * dv > 0.1) return;
  p.part = 'eyes';
  const arch = 1 - t * t;
  const upper = -mood.lidUp * arch * (1.1 - 0.1 * arch) - 0.015 * t;
  const lower = mood.lidDown * arch - 0.015 * t;
  const d = Math.max(upper - dv, dv - lower);
  // Soft crease of the lid above the eye.
  const crease = (dv - upper + 0.07) / 0.05;
  p.over(look.skinShadow, 0.3 * hump(crease * crease) * hump(t * t * 0.7));
  const open = cover(d, aa);
  if (open > 0) {
    const lid = smoothstep(0.0, 0.1, dv - upper);
    p.over(SCLERA, open);
    p.shade(open * (0.3 - 0.22 * lid + 0.12 * t * t));
    // The gaze follows the head a little: the iris keeps to the nose's side when turned.
    const iu = du * side - 0.05 * look.sinYaw;
    const iv = dv + 0.012;
    const r = Math.sqrt(iu * iu + iv * iv);
    const iris = open * cover(r - 0.112, aa);
    if (iris > 0) {
      const rim = smoothstep(0.075, 0.112, r);
      // Lit from across: the lower half of an iris glows.
      p.overLit(look.iris, (0.82 + 3.2 * clamp01(iv) + 0.3 * lid) * (1 - 0.45 * rim), iris);
      p.over(PUPIL, open * cover(r - 0.05, aa));
    }
    const [lx, ly] = look.light;
    const gx = iu - 0.042 * (lx === 0 ? 0.7 : lx * 1.2);
    const gy = iv + 0.03 - 0.02 * ly;
    p.over([1, 1, 1], 0.95 * open * cover(Math.sqrt(gx * gx + gy * gy) - 0.03, aa));
  }
  const lash = Math.abs(dv - upper + 0.008) - 0.02 - 0.008 * t;
  p.over(LASH, 0.88 * cover(Math.max(lash, (Math.abs(t) - 1.08) * 0.2), aa));
  const under = Math.abs(dv - lower) - 0.008;
  p.over(look.skinShadow, 0.55 * cover(Math.max(under, (Math.abs(t) - 0.95) * 0.2), aa));
}

function mouth(look: Look, mood: Mood, f: Fragment, p: Pixel): void {
  const { details } = look.attributes;
  const width = mood.mouth * (1 + 0.07 * details.mouthWidth);
  const t = f.u / width;
  if (t * t > 1.6) return;
  p.part = 'mouth';
  const arch = 1 - t * t;
  const ends = arch > 0 ? arch + (Math.sqrt(arch) - arch) * mood.round : arch;
  const centre = MOUTH_V - mood.bend * (t * t - 0.45);
  const dv = f.v - centre;
  const lip = 0.062 * (1 + 0.18 * details.lipFullness);
  // The upper lip dips in the middle: a cupid's bow.
  const bow = 1 - 0.28 * hump(t * t * 14);
  const top = -(mood.openUp * ends + lip * 0.85 * bow * ends);
  const bottom = mood.openDown * ends + lip * 1.25 * ends;
  const aa = f.facePixel * 1.1;
  const lips = cover(Math.max(top - dv, dv - bottom), aa);
  if (lips > 0) {
    const lower = smoothstep(-0.01, 0.03, dv);
    const light = lambert(look, f.nx, f.ny + (lower - 0.5) * 0.5, f.nz);
    p.overLit(look.lip, 0.66 + 0.14 * lower + 0.32 * light, lips);
  }
  const inTop = -mood.openUp * ends;
  const inBottom = mood.openDown * ends;
  const open = Math.max(inTop - dv, dv - inBottom);
  if (mood.openDown > 0.05) {
    const inside = cover(open, aa);
    p.over(MOUTH_INSIDE, inside);
    if (inside > 0) {
      const tongue = hump(t * t * 1.1 + ((dv - inBottom * 0.95) * (dv - inBottom * 0.95)) / 0.009);
      p.over(TONGUE, inside * tongue * 0.9);
      const teeth = mood.round < 1 ? cover(dv - inTop - 0.085 * ends, aa) : 0;
      p.over(TEETH, inside * teeth);
    }
  } else {
    // A closed mouth: the dark line between the lips, a little longer than they are.
    const line = Math.max(Math.abs(dv) - 0.02 - 0.006 * arch, (Math.abs(t) - 1.06) * width);
    p.over(mixColour(look.skinShadow, MOUTH_INSIDE, 0.7), 0.85 * cover(line, aa));
  }
}
