import type { OnnxBackend } from './onnx/backend.ts';
import { BACKEND } from './onnx/kernels/define.ts';
import { type NamedTensorMap, type Tensor, tf } from './tf.ts';

/**
 * Makes a differentiable function run as compiled graphs of its own, one for its value and one for its gradients (which
 * computes the value again), in whatever steps use it. For networks so large that a step's one graph would not fit into
 * memory. Same value and gradients as `fn`; on devices that do not compile it is `fn`.
 * @param fn a pure function; every tensor that is no weight must be an input
 * @param wrt inputs that have a gradient; that of the others is zero
 */
export function border<A extends NamedTensorMap>(
  fn: (inputs: A) => Tensor,
  wrt: readonly (keyof A & string)[],
): (inputs: A) => Tensor {
  const vjp = ({ dy, ...inputs }: A & { dy: Tensor }): Tensor[] => {
    const f = (...xs: Tensor[]) =>
      fn({ ...inputs, ...Object.fromEntries(wrt.map((name, i) => [name, xs[i]!])) } as unknown as A);
    return tf.grads(f)(
      wrt.map((name) => (inputs as unknown as A)[name]!),
      dy,
    );
  };
  return (inputs) => {
    if (tf.getBackend() !== BACKEND) return fn(inputs);
    const backend = tf.backend() as unknown as OnnxBackend;
    const names = Object.keys(inputs);
    const named = (xs: readonly Tensor[]) => Object.fromEntries(names.map((name, i) => [name, xs[i]!])) as A;
    const op = tf.customGrad((...args) => {
      const xs = args.slice(0, names.length) as Tensor[];
      const save = args.at(-1) as unknown as (tensors: Tensor[]) => void;
      save(xs);
      const [value] = backend.call((a) => [fn(a as A)], named(xs), fn);
      const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
        const grads = backend.call((a) => vjp(a as A & { dy: Tensor }), { ...named(saved), dy }, vjp);
        return names.map((name, i) => {
          const place = wrt.indexOf(name);
          return place < 0 ? tf.zerosLike(saved[i]!) : grads[place]!;
        });
      };
      return { value: value!, gradFunc };
    });
    return op(...names.map((name) => inputs[name]!));
  };
}
