import { type Tensor, type Tensor2D, tf } from '../engine/tf.ts';
import { toMap, toTokens } from './tokens.ts';

/** Latents that are compared with the codebook at a time: all of a picture's would take 128 MiB with 8,192 entries. */
const AT_ONCE = 1024;

/**
 * Each latent's nearest entry of a codebook (van den Oord et al., arXiv 1711.00937, eq. 2), the first of several. The gradient
 * passes straight through to z (section 3.2 there); the codebook has none.
 * @param codebook [N,d]
 * @param z [B,d,h,w]
 * @returns [B,d,h,w]
 */
export function quantise(codebook: Tensor, z: Tensor): Tensor {
  const straightThrough = tf.customGrad((x) => ({
    value: nearestEntries(codebook as Tensor2D, x as Tensor),
    gradFunc: (dy: Tensor) => dy,
  }));
  return straightThrough(z);
}

function nearestEntries(codebook: Tensor2D, z: Tensor): Tensor {
  const [batch, d, height, width] = z.shape as [number, number, number, number];
  const tokens = tf.reshape(toTokens(z), [-1, d]) as Tensor2D;
  // ||z - e||^2 less ||z||^2, which is the same for all entries.
  const squares = tf.sum(tf.square(codebook), 1);
  const indices = pieces(tokens.shape[0]).map(([from, size]) => {
    const products = tf.matMul(tf.slice(tokens, [from, 0], [size, d]), codebook, false, true);
    return tf.argMin(tf.sub(squares, tf.mul(2, products)), 1);
  });
  const entries = tf.gather(codebook, indices.length > 1 ? tf.concat(indices) : indices[0]!);
  return toMap(tf.reshape(entries, [batch, height * width, d]), height, width);
}

/** Start and size of each part of `count`. */
function pieces(count: number): [from: number, size: number][] {
  return Array.from({ length: Math.ceil(count / AT_ONCE) }, (_, i) => [
    i * AT_ONCE,
    Math.min(AT_ONCE, count - i * AT_ONCE),
  ]);
}
