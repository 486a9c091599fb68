import { glasses, hat } from './accessories.ts';
import type { Attributes } from './attributes.ts';
import { background } from './background.ts';
import { body } from './body.ts';
import { features } from './features.ts';
import { backHair, frontHair } from './hair.ts';
import { beard, ears, head } from './head.ts';
import { type Look, lookOf } from './look.ts';
import { type Fragment, type Layer, Pixel } from './shade.ts';

/** Edges are this many pixels wide, which keeps the pictures free of aliasing. */
const EDGE = 1.5;

/** Paints a picture: size*size*3 bytes, RGB, row-major. */
export function render(attributes: Attributes, size = 64): Uint8Array {
  const out = new Uint8Array(size * size * 3);
  const p = new Pixel();
  eachPixel(attributes, size, p, (i) => {
    out[3 * i] = toByte(p.r);
    out[3 * i + 1] = toByte(p.g);
    out[3 * i + 2] = toByte(p.b);
  });
  return out;
}

/** Paints pixel after pixel, row by row, and tells when `p` is done. The layers lie on one another as listed. */
export function eachPixel(attributes: Attributes, size: number, p: Pixel, done: (i: number) => void): void {
  const look = lookOf(attributes);
  const style = attributes.hair?.style;
  const { behind, onTop } = ears(look);
  const earsShow = style !== 'long' && style !== 'curly';
  const layers = [
    background(look),
    backHair(look),
    body(look),
    ...behind,
    head(look),
    attributes.bearded ? beard(look) : null,
    features(look),
    frontHair(look),
    ...(earsShow ? onTop : []),
    hat(look),
    glasses(look),
  ].filter((layer): layer is Layer => layer !== null);
  const f = blankFragment();
  f.pixel = (EDGE * 2) / (size * look.scale);
  for (let row = 0, i = 0; row < size; row++) {
    for (let column = 0; column < size; column++, i++) {
      f.sx = (2 * column + 1) / size - 1;
      f.sy = (2 * row + 1) / size - 1;
      locate(f, look);
      for (const layer of layers) layer(f, p);
      done(i);
    }
  }
}

function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 1 ? 255 : Math.floor(value * 255 + 0.5);
}

function blankFragment(): Fragment {
  return {
    sx: 0,
    sy: 0,
    x: 0,
    y: 0,
    pixel: 0,
    outline: 0,
    nx: 0,
    ny: 0,
    nz: 0,
    u: 0,
    v: 0,
    front: 0,
    facePixel: 0,
  };
}

/** Fills in where the pixel at (sx, sy) lies on the head. */
function locate(f: Fragment, look: Look): void {
  const dx = (f.sx - look.centreX) / look.scale;
  const dy = (f.sy - look.centreY) / look.scale;
  const x = dx * look.cosRoll + dy * look.sinRoll;
  const y = dy * look.cosRoll - dx * look.sinRoll;
  const width = y > 0 ? look.width * (1 - look.jaw * y * y) : look.width;
  const ex = width > 0.05 ? x / width : x * 20;
  const rr = ex * ex + y * y;
  const r = Math.sqrt(rr);
  f.x = x;
  f.y = y;
  f.outline = (r - 1) * 0.85;
  const nz = Math.sqrt(rr < 1 ? 1 - rr : 0);
  const norm = rr < 1 ? 1 : 1 / r;
  f.nx = ex * norm;
  f.ny = y * norm;
  f.nz = nz;
  f.u = (f.nx * look.cosYaw - nz * look.sinYaw) * 0.86;
  f.v = y;
  f.front = f.nx * look.sinYaw + nz * look.cosYaw;
  const stretch = look.cosYaw + (look.sinYaw * f.nx) / (nz + 0.1);
  f.facePixel = f.pixel * (stretch < 1 ? 1 : Math.min(stretch, 2.5));
}
