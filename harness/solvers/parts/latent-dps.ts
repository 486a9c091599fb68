import { type Tensor, tf } from '../../engine/tf.ts';
import type { Operator } from '../../operators/operator.ts';
import type { PriorWith } from '../../priors/prior.ts';
import type { AbarAt } from './abar.ts';
import { gradientOf, norm } from './gradients.ts';

/**
 * The step that TReg and DreamSampler take between data steps: unconditional DDIM, less sqrt(abar') grad ||y - A D z0||.
 * @param u embeddings of the null prompts
 */
export function latentDps(
  { y, A }: { readonly y: Tensor; readonly A: Operator },
  prior: PriorWith<'autoencoder'>,
  u: Tensor,
): (z: Tensor, at: AbarAt) => { z: Tensor; z0: Tensor } {
  return (z, at) => {
    const { gradient, z0, e } = gradientOf(z, (z) => {
      const predicted = prior.predict(z, at.t, u);
      const z0 = at.clean(z, predicted);
      const loss = norm(tf.sub(y, A.forward(prior.autoencoder.decode(z0))));
      return { z0, e: at.noise(z, predicted), loss };
    });
    return { z: tf.sub(at.ddim(z0, e), tf.mul(tf.sqrt(at.abarNext), gradient)), z0 };
  };
}
