import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { admUnet } from '../../networks/adm-unet.ts';
import { type DdpmStep, ddpmSample, ddpmStepAt, pMeanVariance, splitOutput } from '../../priors/ddpm.ts';
import { gradientOf } from '../../solvers/parts/gradients.ts';
import { derivedParams, evaluate } from '../differentiable.ts';
import type { Entry } from '../entry.ts';
import { operatorOf, operatorSchema } from '../operator-params.ts';
import { readParams, Unsupported } from '../unsupported.ts';
import { admKind } from './adm.ts';
import { posteriorParams, tablesOf, tablesSchema } from './ddpm.ts';

const paramsSchema = tablesSchema({
  ...derivedParams,
  ...posteriorParams,
  dynamic_threshold: z.literal(false),
  sampler: z.literal('ddpm'),
  guidance: z.literal('ps'),
  /** Step size on the gradient of the distance. */
  scale: z.number(),
  operator: operatorSchema({}),
  /** Tell the network times as if there were 1000 training steps. */
  rescale_timesteps: z.boolean(),
});

/** x_t, noise [B,C,H,W], y -> x0_hat, sample_before, distance [1], norm_grad, x_next. */
export const dpsStepEntry: Entry = {
  name: 'dps.step',
  async run(given) {
    const params = readParams(paramsSchema, given.params);
    const { config, params: weights } = given.network(admKind);
    if (config.num_classes !== null) throw new Unsupported('the step of a class-conditional network');
    const tables = tablesOf(params, params.t);
    const [x, y] = [given.tensor('x_t'), given.tensor('y')];
    const A = operatorOf(params.operator, x.shape, given);
    const gaussian = params.t === 0 ? tf.zerosLike(x) : given.tensor('noise');
    const stretch = params.rescale_timesteps ? 1000 / params.num_train_timesteps : 1;
    const at = Object.fromEntries(
      Object.entries(ddpmStepAt(tables, params.t)).map(([name, value]) => [name, tf.scalar(value)]),
    ) as DdpmStep<Tensor>;
    const t = tf.scalar(tables.timestepMap[params.t]! * stretch);
    return evaluate(given, params, { x_t: x }, ({ x_t }) => {
      const { gradient, loss, ...q } = gradientOf(x_t!, (x) => {
        const q = pMeanVariance(
          { ...splitOutput(admUnet(weights, config, x, t, null)), x, at },
          { clipDenoised: params.clip_denoised },
        );
        return { ...q, loss: tf.reshape(tf.norm(tf.sub(y, A.forward(q.x0))), [1]) };
      });
      const sample = ddpmSample(q, gaussian);
      const next = tf.sub(sample, tf.mul(gradient, params.scale));
      return { x0_hat: q.x0, sample_before: sample, distance: loss, norm_grad: gradient, x_next: next };
    });
  },
};
