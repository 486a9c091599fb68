import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { unet2dCondition } from '../../networks/unet2d-condition.ts';
import { ddimStep, ddimSteps, noiseFromVelocity, z0FromNoise } from '../../priors/ddim.ts';
import type { Entry } from '../entry.ts';
import { readParams } from '../unsupported.ts';
import { fromTensor, stack, toTensor, type Values, vector } from '../values.ts';
import { betasParams, betaTable, timestepsParams } from './schedule.ts';
import { unetKind } from './unet.ts';

const paramsSchema = z.strictObject({
  ...betasParams,
  ...timestepsParams,
  dtype: betasParams.dtype.default('float64'),
  prediction_type: z.enum(['epsilon', 'v_prediction']),
  set_alpha_to_one: z.boolean(),
  eta: z.number().nonnegative(),
  guidance: z.number().nullable(),
  clip_sample: z.literal(false),
  thresholding: z.literal(false),
  use_clipped_model_output: z.literal(false),
});

/** z_T, c, u (with guidance), noise [n,...] (with eta) -> timesteps [n]; z [n+1,...]; eps, pred_x0 [n,...]. */
export const ddimTrajectory: Entry = {
  name: 'ddim.trajectory',
  async run(given) {
    const params = readParams(paramsSchema, given.params);
    const { n, eta, guidance } = params;
    const { config, params: weights } = given.network(unetKind);
    const steps = ddimSteps(
      {
        numTrainTimesteps: params.num_train_timesteps,
        alphasCumprod: betaTable(params).alphasCumprod,
        timestepSpacing: params.timestep_spacing,
        stepsOffset: params.steps_offset,
        setAlphaToOne: params.set_alpha_to_one,
        predictionType: params.prediction_type,
      },
      n,
    );
    const c = given.tensor('c');
    const u = guidance === null ? null : given.tensor('u');
    const noises = eta > 0 ? unstack(given.values('noise')) : null;

    const step = given.device.compile(
      (s: Record<'z' | 't' | 'alphaBar' | 'alphaBarNext' | 'gaussian', Tensor>) => {
        const run = (prompt: Tensor) => unet2dCondition(weights, config, s.z, s.t, prompt);
        const eps = u === null ? run(c) : tf.add(run(u), tf.mul(tf.sub(run(c), run(u)), guidance!));
        const noise = params.prediction_type === 'epsilon' ? eps : noiseFromVelocity(s.z, eps, s.alphaBar);
        const z0 = z0FromNoise(s.z, noise, s.alphaBar);
        return { eps, z0, next: ddimStep({ ...s, z0, noise, eta }) };
      },
    );

    let z = given.tensor('z_T');
    const taken: Record<'z' | 'eps' | 'pred_x0', Values[]> = {
      z: [await fromTensor(z)],
      eps: [],
      pred_x0: [],
    };
    for (const [i, { t, alphaBar, alphaBarNext }] of steps.entries()) {
      const gaussian = noises ? toTensor(noises[i]!) : z;
      const { eps, z0, next } = await step({ z, t, alphaBar, alphaBarNext, gaussian });
      z = next;
      taken.z.push(await fromTensor(next));
      taken.eps.push(await fromTensor(eps));
      taken.pred_x0.push(await fromTensor(z0));
    }
    const timesteps = vector(Float64Array.from(steps, ({ t }) => t));
    return { timesteps, z: stack(taken.z), eps: stack(taken.eps), pred_x0: stack(taken.pred_x0) };
  },
};

/** The arrays along the first axis. */
function unstack({ shape, data }: Values): Values[] {
  const [count, ...rest] = shape as [number, ...number[]];
  const size = data.length / count;
  return Array.from({ length: count }, (_, i) => ({
    shape: rest,
    data: data.slice(i * size, (i + 1) * size),
  }));
}
