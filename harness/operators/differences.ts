import { type Tensor, tf } from '../engine/tf.ts';

/**
 * Forward differences down and across, [B,C,H,W] -> [B,2C,H,W]; 0 at the last row and column. Its null space are the
 * pictures of one colour.
 */
export function differences(x: Tensor): Tensor {
  return tf.concat([along(x, 2), along(x, 3)], 1);
}

/** Its adjoint, [B,2C,H,W] -> [B,C,H,W]: the negative divergence. */
export function differencesAdjoint(v: Tensor): Tensor {
  const [down, across] = tf.split(v, 2, 1) as [Tensor, Tensor];
  return tf.add(back(down, 2), back(across, 3));
}

function along(x: Tensor, axis: 2 | 3): Tensor {
  const [first, last] = ends(x, axis);
  return padded(tf.sub(last, first), axis, 'after');
}

function back(v: Tensor, axis: 2 | 3): Tensor {
  const [inner] = ends(v, axis);
  return tf.sub(padded(inner, axis, 'before'), padded(inner, axis, 'after'));
}

/** All but the last and all but the first along an axis. */
function ends(x: Tensor, axis: 2 | 3): [Tensor, Tensor] {
  const size = x.shape.map((length, i) => (i === axis ? length - 1 : length));
  const from = (start: number) => x.shape.map((_, i) => (i === axis ? start : 0));
  return [tf.slice(x, from(0), size), tf.slice(x, from(1), size)];
}

function padded(x: Tensor, axis: 2 | 3, side: 'before' | 'after'): Tensor {
  const pair: [number, number] = side === 'before' ? [1, 0] : [0, 1];
  return tf.pad(
    x,
    x.shape.map((_, i) => (i === axis ? pair : [0, 0])),
  );
}
