import { z } from 'zod';
import { diffusersTimesteps } from '../../priors/ddim.ts';
import { alphasCumprod, betas } from '../../priors/schedule.ts';
import type { Entry } from '../entry.ts';
import { readParams } from '../unsupported.ts';
import { vector } from '../values.ts';

const count = z.number().int().positive();

export const betasParams = {
  num_train_timesteps: count,
  beta_schedule: z.enum(['linear', 'scaled_linear']),
  beta_start: z.number().positive(),
  beta_end: z.number().positive().lt(1),
  dtype: z.enum(['float64', 'float32']),
};
type BetasParams = z.infer<z.ZodObject<typeof betasParams>>;

export const timestepsParams = {
  num_train_timesteps: count,
  timestep_spacing: z.enum(['leading', 'trailing', 'linspace']),
  steps_offset: z.number().int().nonnegative(),
  n: count,
};

const betasSchema = z.strictObject(betasParams);
const timestepsSchema = z.strictObject(timestepsParams);

/** betas and alphas_cumprod [T]. */
export const scheduleBetas: Entry = {
  name: 'schedule.betas',
  async run(given) {
    const params = readParams(betasSchema, given.params);
    const table = betaTable(params);
    return { betas: vector(table.betas), alphas_cumprod: vector(table.alphasCumprod) };
  },
};

/** timesteps [n], descending, as diffusers returns them. */
export const scheduleTimesteps: Entry = {
  name: 'schedule.timesteps',
  async run(given) {
    const params = readParams(timestepsSchema, given.params);
    const grid = {
      numTrainTimesteps: params.num_train_timesteps,
      timestepSpacing: params.timestep_spacing,
      stepsOffset: params.steps_offset,
    };
    return { timesteps: vector(Float64Array.from(diffusersTimesteps(grid, params.n))) };
  },
};

/** The tables of a schedule in float64, or rounded as diffusers holds them in float32. */
export function betaTable(params: BetasParams): { betas: Float64Array; alphasCumprod: Float64Array } {
  if (params.dtype === 'float64') {
    const exact = betas(params);
    return { betas: exact, alphasCumprod: alphasCumprod(exact) };
  }
  const { beta_start: start, beta_end: end, num_train_timesteps: length } = params;
  const rounded =
    params.beta_schedule === 'linear'
      ? float32Line(start, end, length)
      : float32Line(Math.sqrt(start), Math.sqrt(end), length).map((root) => Math.fround(root * root));
  let product = 1;
  // PyTorch's cumprod on the CPU carries a float32 product in double precision.
  const products = rounded.map((beta) => {
    product *= Math.fround(1 - beta);
    return Math.fround(product);
  });
  return { betas: rounded, alphasCumprod: products };
}

/** torch.linspace in float32: steps from the start in the first half, from the end in the second. */
function float32Line(start: number, end: number, count: number): Float64Array {
  const f = Math.fround;
  const [first, last] = [f(start), f(end)];
  if (count === 1) return Float64Array.of(first);
  const step = f(f(last - first) / (count - 1));
  return Float64Array.from({ length: count }, (_, i) =>
    i < Math.floor(count / 2) ? f(first + f(step * i)) : f(last - f(step * (count - 1 - i))),
  );
}
