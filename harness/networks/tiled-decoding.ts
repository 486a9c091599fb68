import { type Tensor, tf } from '../engine/tf.ts';

/** Neighbouring tiles share a quarter of their side, as in diffusers. */
const OVERLAP = 0.25;

/** A tile's side has to be a multiple of so many latent pixels: strides and overlaps are then whole. */
export const TILE_MULTIPLE = 1 / OVERLAP;

/**
 * Decodes in square tiles, blended linearly where they overlap: diffusers' AutoencoderKL.tiled_decode (v0.25.1). Less
 * memory at a time, and other values than in one piece: each tile has its own normalisation and attention.
 * @param decode latents [B,c,h,w] to images [B,C,h*factor,w*factor]
 * @param z latents of any size; one that is no larger than a tile is decoded in one piece
 * @param tile side of a tile in latent pixels, a multiple of TILE_MULTIPLE
 */
export function decodeInTiles(
  decode: (z: Tensor) => Tensor,
  z: Tensor,
  { tile, factor }: { tile: number; factor: number },
): Tensor {
  const [batch, channels, height, width] = z.shape as [number, number, number, number];
  if (height <= tile && width <= tile) return decode(z);
  const stride = tile * (1 - OVERLAP);
  const blended = tile * OVERLAP * factor;
  const kept = stride * factor;

  let above: Tensor[] = [];
  const rows: Tensor[] = [];
  for (let top = 0; top < height; top += stride) {
    const row: Tensor[] = [];
    for (let left = 0; left < width; left += stride) {
      const size = [batch, channels, Math.min(tile, height - top), Math.min(tile, width - left)];
      let image = decode(tf.slice(z, [0, 0, top, left], size));
      const neighbours = [above[row.length], row.at(-1)];
      for (const [i, neighbour] of neighbours.entries()) {
        if (neighbour) image = blend(neighbour, image, i + 2, blended);
      }
      row.push(image);
    }
    const cut = row.map((image) => head(head(image, 2, kept), 3, kept));
    rows.push(tf.concat(cut, 3));
    above = row;
  }
  return tf.concat(rows, 2);
}

/** The second image with its first `extent` pixels along an axis faded in from the last ones of the first. */
function blend(first: Tensor, second: Tensor, axis: number, extent: number): Tensor {
  const [length, before] = [second.shape[axis]!, first.shape[axis]!];
  const overlap = Math.min(extent, length, before);
  const shape = [1, 1, 1, 1];
  shape[axis] = overlap;
  const ramp = tf.tensor(
    Float32Array.from({ length: overlap }, (_, i) => i / overlap),
    shape,
  );
  const faded = tf.add(
    tf.mul(part(first, axis, before - overlap, overlap), tf.sub(1, ramp)),
    tf.mul(part(second, axis, 0, overlap), ramp),
  );
  return overlap === length ? faded : tf.concat([faded, part(second, axis, overlap, length - overlap)], axis);
}

function head(x: Tensor, axis: number, length: number): Tensor {
  return x.shape[axis]! <= length ? x : part(x, axis, 0, length);
}

function part(x: Tensor, axis: number, start: number, length: number): Tensor {
  const begin = x.shape.map((_, i) => (i === axis ? start : 0));
  return tf.slice(
    x,
    begin,
    x.shape.map((n, i) => (i === axis ? length : n)),
  );
}
