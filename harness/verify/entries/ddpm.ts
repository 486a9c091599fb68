import { z } from 'zod';
import { UserError } from '../../errors.ts';
import {
  type DdpmTables,
  ddpmBetas,
  ddpmStepAt,
  ddpmTables,
  dynamicScale,
  pMeanVariance,
  splitOutput,
} from '../../priors/ddpm.ts';
import { derivedParams, evaluate } from '../differentiable.ts';
import type { Entry } from '../entry.ts';
import { readParams } from '../unsupported.ts';
import { vector } from '../values.ts';

const count = z.number().int().positive();
const respacing = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('all') }),
  z.strictObject({ method: z.literal('sections'), counts: z.array(count).nonempty() }),
  z.strictObject({ method: z.literal('ddim'), n: count }),
]);

/** The params of a schedule and its respacing, by its name. `rest`: what an entry takes beside them. */
export function tablesSchema<R extends z.ZodRawShape>(rest: R) {
  const common = {
    ...rest,
    num_train_timesteps: count,
    respacing,
    /** The same in the reference's spelling. */
    timestep_respacing: z.unknown().optional(),
  };
  return z.discriminatedUnion('beta_schedule', [
    z.strictObject({
      ...common,
      beta_schedule: z.literal('linear'),
      beta_start: z.number().positive(),
      beta_end: z.number().positive().lt(1),
    }),
    z.strictObject({
      ...common,
      beta_schedule: z.literal('cosine'),
      cosine_s: z.number(),
      max_beta: z.number().positive(),
    }),
  ]);
}
type TablesParams = z.infer<ReturnType<typeof tablesSchema<Record<never, never>>>>;

/** Which posterior; t is the index after respacing. */
export const posteriorParams = {
  t: z.number().int().nonnegative(),
  prediction_type: z.literal('epsilon'),
  variance_type: z.literal('learned_range'),
  clip_denoised: z.boolean(),
};

/** Throws UserError for steps that the schedule cannot give, and for an index behind the last. */
export function tablesOf(params: TablesParams, t = 0): DdpmTables {
  const tables = ddpmTables(ddpmBetas(params), params.respacing);
  const last = tables.timestepMap.length - 1;
  if (t > last) throw new UserError(`params.t: found ${t}; the last index is ${last}`);
  return tables;
}

const tablesParams = tablesSchema({});
const posteriorSchema = tablesSchema({
  ...derivedParams,
  ...posteriorParams,
  dynamic_threshold: z.boolean(),
});

/** The float64 tables, by the index after respacing. */
export const ddpmTablesEntry: Entry = {
  name: 'ddpm.tables',
  async run(given) {
    const tables = tablesOf(readParams(tablesParams, given.params));
    return {
      timestep_map: vector(Float64Array.from(tables.timestepMap)),
      betas: vector(tables.betas),
      alphas_cumprod: vector(tables.alphasCumprod),
      posterior_variance: vector(tables.posteriorVariance),
      posterior_log_variance_clipped: vector(tables.posteriorLogVarianceClipped),
      posterior_mean_coef1: vector(tables.posteriorMeanCoef1),
      posterior_mean_coef2: vector(tables.posteriorMeanCoef2),
    };
  },
};

/** x [B,C,H,W], model_output [B,2C,H,W] -> mean, log_variance, pred_xstart. */
export const ddpmPosterior: Entry = {
  name: 'ddpm.p_mean_variance',
  async run(given) {
    const params = readParams(posteriorSchema, given.params);
    const at = ddpmStepAt(tablesOf(params, params.t), params.t);
    const variables = { x: given.tensor('x'), model_output: given.tensor('model_output') };
    let scale: number | null = null;
    if (params.dynamic_threshold) {
      const { x, model_output: output } = variables;
      const { x0 } = pMeanVariance({ x, ...splitOutput(output), at }, { clipDenoised: false });
      scale = dynamicScale(await x0.data());
    }
    return evaluate(given, params, variables, ({ x, model_output: output }) => {
      const options = { clipDenoised: params.clip_denoised, dynamicScale: scale };
      const { mean, logVariance, x0 } = pMeanVariance({ x: x!, ...splitOutput(output!), at }, options);
      return { mean, log_variance: logVariance, pred_xstart: x0 };
    });
  },
};
