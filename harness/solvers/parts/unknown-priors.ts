import { tf } from '../../engine/tf.ts';
import { toTensor } from '../../operators/matrix.ts';
import {
  type ByUnknown,
  mapUnknowns,
  type OperatorFamily,
  type Unknown,
} from '../../operators/operator-family.ts';
import { gramEigen } from '../../operators/separable.ts';
import { examplesPrior, gaussianFieldPrior } from '../../priors/closed-form.ts';
import type { Prior, UnknownPrior } from '../../priors/prior.ts';

/** How far codes may lie from the examples of their law, in each entry: finitely many examples leave gaps. */
const SPREAD = 0.1;

/**
 * A diffusion prior for each unknown: the prior's own network where it has one, else the exact prior of the law that the
 * task states.
 * @throws Error where the network is of another size than the unknown
 */
export function priorsOfUnknowns({ unknowns }: OperatorFamily, prior: Prior): ByUnknown<UnknownPrior> {
  return mapUnknowns(unknowns, (unknown, name) => {
    const network = prior.unknowns?.[name];
    if (!network) return exactPrior(unknown, prior.schedule);
    if (network.shape.join() !== unknown.shape.join())
      throw new Error(`the prior's ${name} is [${network.shape}], that of the task [${unknown.shape}]`);
    return network;
  });
}

function exactPrior({ law, shape }: Unknown, schedule: Prior['schedule']): UnknownPrior {
  if (law.is === 'examples') return examplesPrior(law.codes, SPREAD, schedule);
  const { values, vectors } = gramEigen(law.factor);
  const scale = tf.tensor2d(
    Float32Array.from(values, (value) => Math.max(0, value)),
    [values.length, 1],
  );
  return gaussianFieldPrior(toTensor(vectors), tf.matMul(scale, scale, false, true), shape, schedule);
}
