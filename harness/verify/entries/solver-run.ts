import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { UserError } from '../../errors.ts';
import { admUnet } from '../../networks/adm-unet.ts';
import { discreteSchedule } from '../../priors/ddim.ts';
import { splitOutput } from '../../priors/ddpm.ts';
import type { Prior } from '../../priors/prior.ts';
import { scheduleFromConfig, schedulerConfigSchema } from '../../priors/schedule.ts';
import { CallTally } from '../../solvers/call-tally.ts';
import { SamplingRun } from '../../solvers/sampling-run.ts';
import { resultOf } from '../../tasks/kinds.ts';
import type { Entry } from '../entry.ts';
import type { Given } from '../given.ts';
import { operatorOf, runOperatorSchema } from '../operator-params.ts';
import { type Method, methods } from '../solver-methods.ts';
import { readParams, Unsupported } from '../unsupported.ts';
import { fromTensor, stack, type Values } from '../values.ts';
import { admKind } from './adm.ts';

const paramsSchema = z.strictObject({
  method: z.string(),
  parameters: z.unknown(),
  schedule: z.strictObject({
    beta_schedule: z.enum(['linear', 'scaled_linear']),
    beta_start: z.number(),
    beta_end: z.number(),
    num_train_timesteps: z.int(),
    /** Of the tables in the official code: float64 here, within the cases' tolerances. */
    dtype: z.enum(['float32', 'float64']),
  }),
  /** How the official code came by the times below. */
  respacing: z.unknown().optional(),
  timesteps: z.array(z.int()),
  timesteps_next: z.array(z.int()),
  rescale_timesteps: z.literal(false).default(false),
  prediction_type: z.literal('epsilon'),
  variance_type: z.enum(['learned_range']).nullable(),
  clip_denoised: z.boolean(),
  dynamic_threshold: z.literal(false).default(false),
  operator: runOperatorSchema,
  sigma_y: z.number().default(0),
  noise: z.enum(['gaussian', 'poisson']),
  poisson_rate: z.number().optional(),
  draws: z.array(
    z.object({ at: z.string(), kind: z.literal('normal'), used: z.boolean(), tensor: z.string().optional() }),
  ),
});
type CaseParams = z.infer<typeof paramsSchema>;

/** One whole run of a registered solver, with the draws, the times and the measurement of the official code's run. */
export const solverRun: Entry = {
  name: 'solver.run',
  async run(given) {
    const params = readParams(paramsSchema, given.params);
    const { solver, params: stated } = methodOf(params);
    const start = given.tensor('x_T');
    const A = operatorOf(params.operator, start.shape, given);
    const draws = new Draws(params, given, start);
    const tally = new CallTally();
    const states: Promise<Values>[] = [];
    const estimates = new Map<Tensor, Promise<Values>>();
    const run = new SamplingRun({
      batch: start.shape[0]!,
      compile: given.device.compile,
      normal: (role, shape) => draws.next(role, shape),
      progress: () => {},
      tally,
      legsOf: () => params.timesteps.map((t, i) => ({ t, next: params.timesteps_next[i]! })),
      onStep(_, state) {
        const [x, x0] = [state.x ?? state.z, state.x0 ?? state.z0] as [Tensor, Tensor];
        states.push(fromTensor(x));
        if (!estimates.has(x0)) estimates.set(x0, fromTensor(x0));
      },
    });
    const problem = { y: given.tensor('y'), A, sigma: params.sigma_y, noise: params.noise };
    const answer = await solver.solve(
      problem,
      tally.watch(priorOf(given, params)),
      solver.params.parse(stated),
      run,
    );
    draws.refuseLeftOver();
    return {
      x_final: await fromTensor(resultOf('restore', answer)),
      states: stack(await Promise.all(states)),
      x0_hats: stack(await Promise.all(estimates.values())),
    };
  },
};

function methodOf(params: CaseParams): Method {
  const read = methods.get(params.method);
  if (!read) throw new Unsupported(`params.method: '${params.method}' is not there`);
  return read({ ...params, steps: params.timesteps.length });
}

/** The case's network as a prior of pictures. */
function priorOf(given: Given, { schedule: { dtype: _, ...schedule } }: CaseParams): Prior {
  const { config, params: weights } = given.networkOf('denoiser', admKind);
  const shape = given.tensor('x_T').shape.slice(1) as [number, number, number];
  return {
    name: 'denoiser',
    imageShape: shape,
    shape,
    schedule: discreteSchedule(scheduleFromConfig(schedulerConfigSchema.parse(schedule))),
    predicts: 'noise',
    learnedVariance: true,
    predict(x, t) {
      const { noise, variance } = splitOutput(admUnet(weights, config, x, t, null));
      return { value: noise, variance };
    },
    dispose: () => {},
  };
}

/** The case's random numbers, in the order in which its code drew those that it used. */
class Draws {
  readonly #given: Given;
  readonly #left: CaseParams['draws'];
  #start: Tensor | null;

  constructor({ draws }: CaseParams, given: Given, start: Tensor) {
    this.#given = given;
    this.#left = draws.filter(({ used }) => used);
    this.#start = start;
  }

  /** Throws UserError where the solver asks for more than the code drew, or for another shape. */
  next(role: 'initial' | 'step', shape: readonly number[]): Tensor {
    if (role === 'initial') {
      const start = this.#start;
      if (!start) throw new UserError('the solver draws a second start');
      this.#start = null;
      return tf.clone(start);
    }
    const draw = this.#left.shift();
    if (!draw?.tensor) throw new UserError('the solver draws more than the official code did');
    const tensor = this.#given.tensor(draw.tensor);
    if (tensor.shape.slice(1).join() !== shape.join())
      throw new UserError(`draw '${draw.at}' is [${tensor.shape.slice(1)}]; the solver asks for [${shape}]`);
    return tensor;
  }

  refuseLeftOver(): void {
    const [next] = this.#left;
    if (next) throw new UserError(`the solver left ${this.#left.length} draws, the first '${next.at}'`);
  }
}
