import type { Compile } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';

/** The value of f and the gradients of sum(weight * f) with respect to each argument, as one compiled step. */
export function valueAndVjp(
  compile: Compile,
  f: (...args: Tensor[]) => Tensor,
  args: readonly Tensor[],
  weight: Tensor,
): Promise<{ value: Tensor; gradients: readonly Tensor[] }> {
  const step = compile((given: { args: readonly Tensor[]; weight: Tensor }) => {
    let kept: Tensor | undefined;
    const gradients = tf.grads((...inner) => {
      kept = tf.keep(f(...inner));
      return kept;
    })([...given.args], given.weight);
    const value = tf.clone(kept!);
    kept!.dispose();
    return { value, gradients: gradients as readonly Tensor[] };
  });
  return step({ args, weight });
}
