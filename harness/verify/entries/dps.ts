import { z } from 'zod';
import { tf } from '../../engine/tf.ts';
import { admUnet } from '../../networks/adm-unet.ts';
import { ddpmStepAt, splitOutput } from '../../priors/ddpm.ts';
import { type DpsStepInput, dpsStep } from '../../solvers/dps-step.ts';
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
    ) as DpsStepInput['at'];
    const rest = {
      t: tf.scalar(tables.timestepMap[params.t]! * stretch),
      at,
      scale: tf.scalar(params.scale),
    };
    return evaluate(given, params, { x_t: x }, ({ x_t }) => {
      const { next, sample, x0, misfit, gradient } = dpsStep(
        { x: x_t!, gaussian, ...rest },
        {
          clipDenoised: params.clip_denoised,
          predict: (image, t) => splitOutput(admUnet(weights, config, image, t, null)),
          misfit: (estimate) => tf.reshape(tf.norm(tf.sub(y, A.forward(estimate))), [1]),
        },
      );
      return { x0_hat: x0, sample_before: sample, distance: misfit, norm_grad: gradient, x_next: next };
    });
  },
};
