import type { Look } from './look.ts';
import { clamp01, cover, hump, type Layer, mixColour, smoothstep, wave } from './shade.ts';

/** The wall behind the head, with its pattern, slightly brighter where the light comes from. */
export function background(look: Look): Layer {
  const { pattern, details } = look.attributes;
  const base = look.background;
  const accent = mixColour(base, [1, 1, 1], 0.42);
  const deep = mixColour(base, [0.12, 0.12, 0.2], 0.42);
  const [lx, ly] = look.light;
  const phase = details.patternPhase;
  const slope = 0.5 * details.patternSlope;
  return (f, p) => {
    p.part = 'background';
    const { sx, sy } = f;
    const light = 0.95 + 0.1 * (sx * lx + sy * ly);
    p.overLit(base, light, 1);
    if (pattern === 'glowing') {
      const dx = sx - look.centreX;
      const dy = sy + 0.1;
      const far = clamp01((dx * dx + dy * dy) / 1.7);
      p.overLit(accent, light, 0.95 * (1 - far) * (1 - far));
      p.overLit(deep, light, 0.8 * far);
    } else if (pattern === 'striped') {
      p.overLit(accent, light, 0.85 * smoothstep(-0.35, 0.35, wave((sx + slope * sy) * 1.8 + phase)));
    } else if (pattern === 'dotted') {
      const gx = (sx + 2) * 2 + phase;
      const row = Math.floor(gx);
      const gy = (sy + 2) * 2 + (row % 2) * 0.5 + phase * 0.7;
      const dx = gx - row - 0.5;
      const dy = gy - Math.floor(gy) - 0.5;
      p.overLit(accent, light, cover(Math.sqrt(dx * dx + dy * dy) - 0.26, 0.12));
    }
    // The head's soft shadow, away from the light.
    const hx = (sx - look.centreX + 0.1 * lx) / (look.scale * 1.35);
    const hy = (sy - look.centreY + 0.1 * ly) / (look.scale * 1.55);
    p.shade(0.3 * hump((hx * hx + hy * hy) * 0.62));
  };
}
