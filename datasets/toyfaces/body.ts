import { type Look, lambert } from './look.ts';
import { clamp01, cover, type Layer, mixColour, smoothstep } from './shade.ts';

/** Shoulders in a shirt, then the neck with the chin's shadow. */
export function body(look: Look): Layer {
  const [lx] = look.light;
  const collar = mixColour(look.shirt, [1, 1, 1], 0.25);
  return (f, p) => {
    if (f.y < 0.55) return;
    p.part = 'clothes';
    const x = f.x;
    const slope = 1.2 + 0.42 * x * x;
    const side = clamp01(0.5 + 0.42 * lx * x);
    const shirtLight = 0.55 + 0.5 * side;
    p.overLit(look.shirt, shirtLight, cover((slope - f.y) * 0.8, f.pixel));
    const neck = Math.max(Math.abs(x) - 0.4 - 0.05 * smoothstep(1, 1.4, f.y), f.y - 1.34 + 0.9 * x * x);
    p.overLit(collar, shirtLight, cover(neck - 0.1, f.pixel) * cover((1.16 - f.y) * 0.8, f.pixel));
    p.part = 'skin';
    const alpha = cover(neck, f.pixel);
    if (alpha > 0) {
      const light = lambert(look, x * 1.6, 0, 0.7) * (0.3 + 0.7 * smoothstep(0.85, 1.45, f.y));
      p.over(mixColour(look.skinShadow, look.skin, light), alpha);
    }
  };
}
