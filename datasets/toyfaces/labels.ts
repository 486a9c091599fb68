import type { Attributes } from './attributes.ts';
import { eachPixel } from './render.ts';
import { type Colour, PARTS, Pixel } from './shade.ts';

/**
 * The parts of the picture that `render` paints: size*size indices into `PARTS`, row-major. A pixel is of the part that gives
 * most of its colour, the first of them where two give the same; shadows and glosses are of no part.
 */
export function labels(attributes: Attributes, size = 64): Uint8Array {
  const out = new Uint8Array(size * size);
  const p = new SharedPixel();
  eachPixel(attributes, size, p, (i) => {
    out[i] = p.largest();
  });
  return out;
}

/** Keeps each part's share of the pixel's colour instead of the colour. */
class SharedPixel extends Pixel {
  readonly #shares = new Float64Array(PARTS.length);

  override over(_: Colour, alpha: number): void {
    if (alpha <= 0) return;
    for (let i = 0; i < PARTS.length; i++) this.#shares[i]! *= 1 - alpha;
    this.#shares[PARTS.indexOf(this.part)]! += alpha;
  }

  override overLit(c: Colour, _: number, alpha: number): void {
    this.over(c, alpha);
  }

  largest(): number {
    return this.#shares.indexOf(Math.max(...this.#shares));
  }
}
