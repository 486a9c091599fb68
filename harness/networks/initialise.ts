import { sizeOf } from '../engine/shape.ts';
import type { ParamSpec } from './parameter-shapes.ts';

/** CLIPConfig.initializer_factor = 1 gives this deviation to both embedding tables. */
const EMBEDDING_DEVIATION = 0.02;
/** logit_scale_init_value: a temperature of 0.07 (Radford et al. 2021, section 2.5). */
const FIRST_LOG_SCALE = 2.6592;

/**
 * Fresh values for a network's parameters, as PyTorch draws them by default: convolutions and linear layers uniform in
 * +-1/sqrt(fan_in) (kaiming_uniform with a = sqrt(5)), their biases in the same range, norms 1 and 0, embeddings
 * N(0, 0.02^2), scales of a softmax those of CLIP's temperature.
 * @param uniform numbers in [0,1), drawn in the order of `specs`, row-major
 */
export function initialise(specs: readonly ParamSpec[], uniform: () => number): Map<string, Float32Array> {
  return new Map(specs.map((spec) => [spec.name, draw(spec, uniform)]));
}

function draw({ kind, shape, fanIn }: ParamSpec, uniform: () => number): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  switch (kind) {
    case 'normWeight':
      return values.fill(1);
    case 'normBias':
      return values;
    case 'embedding':
      return values.map(() => EMBEDDING_DEVIATION * normal(uniform));
    case 'logScale':
      return values.fill(FIRST_LOG_SCALE);
    case 'weight':
    case 'bias': {
      const bound = 1 / Math.sqrt(fanIn);
      return values.map(() => bound * (2 * uniform() - 1));
    }
  }
}

/** Box-Muller; 1 - u keeps the logarithm's argument above zero. */
function normal(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
