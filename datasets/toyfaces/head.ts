import { type Look, lambert } from './look.ts';
import { clamp01, cover, hump, type Layer, lerp, type Pixel, smoothstep, wave } from './shade.ts';

/** A soft bump of the face: centre and radii in face coordinates, and height. */
type Bump = readonly [u: number, v: number, ru: number, rv: number, height: number];

/** Skin: an egg whose normals are bent by the relief of brow, sockets, nose, cheeks, lips and chin. */
export function head(look: Look): Layer {
  const { details, expression } = look.attributes;
  const nose = 1 + 0.14 * details.noseSize;
  // The nose stands out from the egg, so it moves further than the skin below it when the head turns.
  const lean = 0.1 * look.sinYaw;
  const cheekLift = expression === 'smiling' || expression === 'laughing' ? 1 : 0;
  const bumps: readonly Bump[] = [
    [lean * 0.6, 0.08, 0.17, 0.42, 0.085],
    [lean, 0.25, 0.2 * nose, 0.19 * nose, 0.15],
    [-0.34, -0.04, 0.3, 0.24, -0.075],
    [0.34, -0.04, 0.3, 0.24, -0.075],
    [-0.42, 0.34 - 0.04 * cheekLift, 0.36, 0.28, 0.05 + 0.045 * cheekLift],
    [0.42, 0.34 - 0.04 * cheekLift, 0.36, 0.28, 0.05 + 0.045 * cheekLift],
    [0, 0.87, 0.27, 0.19, 0.06],
    [0, 0.71, 0.34, 0.11, -0.035],
    [0, -0.36, 0.6, 0.22, 0.035],
  ];
  const blush = 0.16 + 0.22 * details.blush;
  return (f, p) => {
    p.part = 'skin';
    const alpha = cover(f.outline, f.pixel);
    if (alpha > 0) {
      const { u, v } = f;
      let hu = 0;
      let hv = 0;
      if (f.front > -0.2) {
        for (const [bu, bv, ru, rv, height] of bumps) {
          const du = (u - bu) / ru;
          const dv = (v - bv) / rv;
          const t = 1 - du * du - dv * dv;
          if (t > 0) {
            // Height times t squared: its slopes.
            hu -= (4 * height * t * du) / ru;
            hv -= (4 * height * t * dv) / rv;
          }
        }
      }
      // The slope along u turns with the head.
      let nx = f.nx - 0.9 * hu * look.cosYaw;
      let ny = f.ny - 0.9 * hv;
      let nz = f.nz + 0.9 * hu * look.sinYaw;
      const norm = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz);
      nx *= norm;
      ny *= norm;
      nz *= norm;
      const light = lambert(look, nx, ny, nz);
      skin(look, p, light, alpha);
      const [lx, ly, lz] = look.light;
      // Half way between the light and the viewer.
      const shine = clamp01((nx * lx + ny * ly + nz * (lz + 1)) / 1.76 - 0.86) / 0.14;
      p.glow(0.1 * shine * shine * alpha);
      for (const side of SIDES) {
        const du = (u - 0.45 * side) / 0.27;
        const dv = (v - 0.32) / 0.2;
        const s = du * du + dv * dv;
        if (s < 1 && f.front > 0)
          p.over(
            [lerp(look.skin[0], 0.9, 0.3), look.skin[1] * 0.62, look.skin[2] * 0.6],
            blush * hump(s) * (0.4 + 0.6 * light),
          );
      }
      if (f.front > 0) nostrils(look, p, u - lean, v, nose);
    }
  };
}

const SIDES = [-1, 1] as const;

function skin(look: Look, p: Pixel, light: number, alpha: number): void {
  const s = look.skinShadow;
  const k = look.skin;
  const gain = 0.91 + 0.1 * light;
  p.over(
    [lerp(s[0], k[0], light) * gain, lerp(s[1], k[1], light) * gain, lerp(s[2], k[2], light) * gain],
    alpha,
  );
}

/** Nostrils and the shadow below the nose. */
function nostrils(look: Look, p: Pixel, u: number, v: number, nose: number): void {
  const below = hump(((u * u) / 0.045 + ((v - 0.4) * (v - 0.4)) / 0.008) / (nose * nose));
  p.over(look.skinShadow, 0.45 * below);
  for (const side of SIDES) {
    const du = (u - 0.085 * side * nose) / 0.07;
    const dv = (v - 0.345) / 0.05;
    p.over(
      [look.skinShadow[0] * 0.62, look.skinShadow[1] * 0.55, look.skinShadow[2] * 0.55],
      0.8 * hump(du * du + dv * dv),
    );
  }
}

/** The ears: those beside or behind the head, and the one that a turned head shows, which lies on hair and beard. */
export function ears(look: Look): { behind: readonly Layer[]; onTop: readonly Layer[] } {
  const ear =
    (side: 1 | -1): Layer =>
    (f, p) => {
      const turnedIn = -side * look.sinYaw;
      const cx = look.width * side * (look.cosYaw - 0.06 * turnedIn);
      const radius = 0.13 + 0.05 * Math.max(turnedIn, 0);
      const du = (f.x - cx) / radius;
      const dv = (f.y - 0.08) / 0.21;
      const s = du * du + dv * dv;
      if (s > 1.8) return;
      p.part = 'skin';
      const alpha = cover((Math.sqrt(s) - 1) * 0.15, f.pixel);
      skin(look, p, lambert(look, 0.75 * side, dv * 0.4, 0.6) * 0.92, alpha);
      p.over(look.skinShadow, 0.5 * alpha * hump(((du + 0.15 * side) * (du + 0.15 * side) + dv * dv) * 2.4));
    };
  const left = ear(-1);
  const right = ear(1);
  const pose = look.attributes.pose;
  if (pose === 'left') return { behind: [left], onTop: [right] };
  if (pose === 'right') return { behind: [right], onTop: [left] };
  return { behind: [left, right], onTop: [] };
}

/** Beard: the lower face around the mouth, fading into the cheeks. */
export function beard(look: Look): Layer {
  const phase = look.attributes.details.strands;
  return (f, p) => {
    if (f.front < -0.1 || f.v < 0.1) return;
    p.part = 'beard';
    const { u, v } = f;
    // Cheek line: high at the ears, low towards the nose; free skin around the lips.
    const line = 0.5 - 0.7 * u * u;
    const top = smoothstep(line - 0.05, line + 0.07, v);
    const alpha = top * cover(f.outline - 0.05, f.pixel) * smoothstep(-0.1, 0.1, f.front);
    if (alpha <= 0) return;
    const strand = 1 + 0.07 * wave(u * 4.5 + 0.6 * v * u + phase);
    const light = (0.4 + 0.75 * lambert(look, f.nx, f.ny, f.nz)) * strand;
    p.overLit(look.hair, light, 0.9 * alpha);
  };
}
