import { type Look, lambert } from './look.ts';
import {
  type Colour,
  clamp01,
  cover,
  hump,
  type Layer,
  mixColour,
  scaleColour,
  smoothstep,
  wave,
} from './shade.ts';

/** A knitted hat: dome, ribbed brim, bobble. */
export function hat(look: Look): Layer | null {
  if (!look.attributes.hat) return null;
  const width = look.width + 0.16;
  const brimColour = mixColour(look.hat, [1, 1, 1], 0.18);
  const pale = mixColour(look.hat, [1, 1, 1], 0.6);
  const bobbleX = -0.12 * look.sinYaw;
  return (f, p) => {
    if (f.y > 0) return;
    p.part = 'hat';
    const bx = (f.x - bobbleX) / 0.22;
    const by = (f.y + 1.27) / 0.22;
    const br = Math.sqrt(bx * bx + by * by);
    p.overLit(
      pale,
      0.6 + 0.5 * lambert(look, bx, by, 0.6) + 0.05 * wave(bx * 1.1) * wave(by * 1.1),
      cover((br - 1) * 0.22, f.pixel),
    );
    const x = f.x / width;
    const y = f.y / 1.18;
    const rr = x * x + y * y;
    const nz = Math.sqrt(Math.max(0, 1 - rr));
    const u = x * look.cosYaw - nz * look.sinYaw;
    // The brim's lower edge curves down towards the viewer.
    const brim = -0.5 + 0.1 * nz;
    const light = 0.42 + 0.72 * lambert(look, x, y, nz);
    const dome = cover(Math.max((Math.sqrt(rr) - 1) * 0.95, f.y - brim), f.pixel);
    p.overLit(look.hat, light * (1 + 0.07 * wave(u * 2.8)), dome);
    const band = Math.max(
      (Math.sqrt((f.x * f.x) / ((width + 0.05) * (width + 0.05)) + y * y) - 1) * 0.95,
      Math.abs(f.y - brim + 0.12) - 0.14,
    );
    const shadow = (f.y - brim - 0.03) / 0.16;
    if (f.outline < 0 && shadow > 0) p.shade(0.32 * hump(shadow * shadow));
    p.overLit(brimColour, light * (1 + 0.09 * wave(u * 3.8)), cover(band, f.pixel));
  };
}

const FRAME: Colour = [0.16, 0.13, 0.14];
/** Dark skin wears a light frame, so that it shows. */
const GOLD: Colour = [0.88, 0.74, 0.42];
const DARK_LENS: Colour = [0.09, 0.09, 0.12];

/** Glasses: a flat frame before the face, so it moves further than the eyes when the head turns. */
export function glasses(look: Look): Layer | null {
  const kind = look.attributes.glasses;
  if (!kind) return null;
  const dark = kind === 'sunglasses';
  const { details } = look.attributes;
  const centre = 0.36 + 0.015 * details.eyeDistance;
  const shift = 0.72 * look.width * 1.2 * look.sinYaw;
  const [lx] = look.light;
  const frame = look.skin[0] < 0.75 ? GOLD : FRAME;
  const halfLine = 0.034;
  return (f, p) => {
    if (f.y < -0.5 || f.y > 0.5) return;
    p.part = 'glasses';
    const g = (f.x - shift) / (look.cosYaw * look.width * 1.2);
    const v = f.y + 0.03;
    const side = g < 0 ? -1 : 1;
    const du = g - side * centre * 0.86;
    const d = lens(kind, du * side * look.width * 1.2, v);
    const aa = f.pixel * 1.05;
    const inside = cover(d, aa);
    if (dark) {
      p.overLit(mixColour(DARK_LENS, [0.3, 0.32, 0.42], clamp01(0.45 + v * 1.6)), 1, 0.96 * inside);
      const glare = (du * 1.2 + v * 0.9 + 0.1 * (lx >= 0 ? -1 : 1)) / 0.09;
      p.over([0.85, 0.88, 0.95], 0.4 * inside * hump(glare * glare));
    } else {
      p.over([1, 1, 1], 0.05 * inside);
      const glare = (du + v * 0.8 + 0.2) / 0.06;
      p.over([1, 1, 1], 0.16 * inside * hump(glare * glare));
    }
    // Soft shadow of the frame on the skin.
    if (f.outline < 0 && !dark)
      p.shade(0.14 * smoothstep(0.12, 0, Math.abs(lens(kind, du * side * look.width * 1.2, v - 0.05))));
    let rim = Math.abs(d) - halfLine;
    const bridge = Math.max(Math.abs(g) - centre * 0.5, Math.abs(v + 0.06 - 0.25 * g * g) - halfLine * 0.9);
    rim = Math.min(rim, bridge);
    // The arm runs back to the ear, on the side that the head shows.
    const outer = g * side - centre * 0.86 - 0.25;
    const reach = 0.26 - 0.42 * side * look.sinYaw;
    const arm = Math.max(-outer, outer - reach, Math.abs(v + 0.06 + 0.04 * outer) - halfLine * 0.85);
    if (f.outline < 0.03) rim = Math.min(rim, arm);
    p.over(dark ? scaleColour(FRAME, 0.7) : frame, 0.94 * cover(rim, aa));
  };
}

/** Signed distance to a lens; du outwards from its centre. */
function lens(kind: NonNullable<Look['attributes']['glasses']>, du: number, v: number): number {
  if (kind === 'round') return Math.sqrt(du * du + v * v) - 0.25;
  const corner = kind === 'square' ? 0.06 : 0.13;
  const halfWidth = kind === 'square' ? 0.255 : 0.29;
  const halfHeight = kind === 'square' ? 0.19 : 0.22;
  const x = Math.abs(du) - halfWidth + corner;
  const y = Math.abs(v - 0.01) - halfHeight + corner;
  const ox = Math.max(x, 0);
  const oy = Math.max(y, 0);
  return Math.sqrt(ox * ox + oy * oy) + Math.min(Math.max(x, y), 0) - corner;
}
