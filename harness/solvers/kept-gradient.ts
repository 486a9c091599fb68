import { type Tensor, tf } from '../engine/tf.ts';

/**
 * The gradient of `loss` (summed where it is one an image) with respect to x, and what else the same pass made, so that
 * a step need not compute it twice.
 */
export function gradientKeeping<K extends Record<string, Tensor>>(
  x: Tensor,
  pass: (x: Tensor) => K & { loss: Tensor },
): { gradient: Tensor; kept: K & { loss: Tensor } } {
  let held: (K & { loss: Tensor }) | undefined;
  const gradient = tf.grad((inner) => {
    held = pass(inner);
    for (const tensor of Object.values(held)) tf.keep(tensor);
    return tf.sum(held.loss);
  })(x);
  const kept = Object.fromEntries(Object.entries(held!).map(([name, tensor]) => [name, unkeep(tensor)]));
  return { gradient, kept: kept as K & { loss: Tensor } };
}

/** Hands a tensor that was kept past the gradient's own scope to the scope around it. */
function unkeep(kept: Tensor): Tensor {
  const copy = tf.clone(kept);
  kept.dispose();
  return copy;
}
