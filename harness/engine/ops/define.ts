import { type GradFunc, type NamedAttrMap, type NamedTensorMap, type Tensor, tf, whenLoaded } from '../tf.ts';

/** Backends that run a network operator as a composition of tfjs's own ones. */
const COMPOSED_BACKENDS = ['cpu', 'wasm', 'tensorflow'];

/**
 * A differentiable operator of our own. The `onnx` backend maps its name to ONNX (../onnx/kernels/network.ts);
 * every other backend runs `compose`.
 */
export type Operator<A> = (inputs: NamedTensorMap, attrs: A) => Tensor;

export function operator<A>(
  name: string,
  compose: (inputs: Record<string, Tensor>, attrs: A) => Tensor,
  gradient?: {
    save: string[];
    /** Whether the result comes after the inputs in `saved`. */
    saveResult?: boolean;
    grad: (dy: Tensor, saved: Tensor[], attrs: A) => Record<string, () => Tensor>;
  },
): Operator<A> {
  whenLoaded((tf) => {
    for (const backendName of COMPOSED_BACKENDS) {
      tf.registerKernel({
        kernelName: name,
        backendName,
        kernelFunc: ({ inputs, attrs }) => compose(inputs as Record<string, Tensor>, attrs as A),
      });
    }
    if (!gradient) return;
    const gradFunc: GradFunc = (dy, saved, attrs) => gradient.grad(dy as Tensor, saved, attrs as A);
    const { save, saveResult = false } = gradient;
    tf.registerGradient({ kernelName: name, inputsToSave: save, outputsToSave: [saveResult], gradFunc });
  });
  return (inputs, attrs) => tf.engine().runKernel(name, inputs, attrs as NamedAttrMap) as Tensor;
}
