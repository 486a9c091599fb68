/** Lengths of a tensor's axes. */
export type Shape = readonly number[];

const product = (shape: Shape): number => shape.reduce((all, length) => all * length, 1);

/**
 * Floating-point operations of an operator as ONNX Runtime ran it, a multiply-add being two; null where its shapes do not
 * tell. Of its inputs the profiler leaves out weights that a kernel has packed.
 */
export function operationsOf(op: string, inputs: readonly Shape[], outputs: readonly Shape[]): number | null {
  const [a, weight] = inputs;
  const [y] = outputs;
  if (!a || !y) return null;
  switch (op) {
    case 'Gemm':
    case 'MatMul':
    case 'FusedMatMul': {
      // What is summed over, whether the left side is turned or not.
      const summed = product(a.slice(-2)) / (y.at(-2) ?? 1);
      return 2 * product(y) * summed;
    }
    case 'Conv':
    case 'FusedConv':
      return isKernel(weight, a) ? 2 * product(y) * product(weight.slice(1)) : null;
    case 'ConvTranspose':
      return isKernel(weight, a) ? 2 * product(a) * product(weight.slice(1)) : null;
    default:
      return null;
  }
}

/** Not the bias, which comes second where the weight is left out. */
function isKernel(weight: Shape | undefined, input: Shape): weight is Shape {
  return weight?.length === input.length;
}
