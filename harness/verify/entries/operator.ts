import { gaussianKernel } from '../../operators/gaussian-blur.ts';
import { derivedParams, evaluate } from '../differentiable.ts';
import type { Entry } from '../entry.ts';
import { operatorOf, operatorSchema } from '../operator-params.ts';
import { readParams } from '../unsupported.ts';
import type { Values } from '../values.ts';

const paramsSchema = operatorSchema(derivedParams);

/** x [B,C,H,W] -> y = A(x); of a Gaussian blur also kernel_f64 [k,k]. */
export const operatorForwardVjp: Entry = {
  name: 'operator.forward_vjp',
  async run(given) {
    const params = readParams(paramsSchema, given.params);
    const x = given.tensor('x');
    const A = operatorOf(params, x.shape, given);
    const outputs = await evaluate(given, params, { x }, (variables) => ({ y: A.forward(variables.x!) }));
    if (params.operator !== 'gaussian_blur') return outputs;
    return { ...outputs, kernel_f64: gaussianPlane(params.kernel_size, params.sigma, params.truncate) };
  },
};

function gaussianPlane(size: number, sigma: number, truncate: number): Values {
  const line = gaussianKernel(size, sigma, truncate);
  const data = Float64Array.from(
    { length: size * size },
    (_, i) => line[Math.floor(i / size)]! * line[i % size]!,
  );
  return { shape: [size, size], data };
}
