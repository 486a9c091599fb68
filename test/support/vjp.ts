import { type Tensor, tf } from '../../harness/engine/tf.ts';

/** The value of f and the gradients of sum(weight * f) with respect to each argument. */
export function valueAndVjp(
  f: (...args: Tensor[]) => Tensor,
  args: Tensor[],
  weight: Tensor,
): { value: Tensor; gradients: Tensor[] } {
  let value: Tensor | undefined;
  const gradients = tf.grads((...inner) => {
    value = tf.keep(f(...inner));
    return value;
  })(args, weight);
  return { value: value!, gradients };
}
