import { z } from 'zod';
import type { Tensor } from '../engine/tf.ts';
import type { Operator } from '../operators/operator.ts';
import type { Prior } from '../priors/prior.ts';
import type { State, Visit } from '../solvers/run.ts';
import type { Solver } from '../solvers/solver.ts';
import type { Given as GivenBy, Kind } from '../tasks/kinds.ts';
import type { Given } from './given.ts';
import { runOperatorSchema } from './operator-params.ts';
import { readParams } from './unsupported.ts';

const drawSchema = z.object({
  at: z.string(),
  kind: z.enum(['normal', 'uniform', 'uniform_integer']),
  used: z.boolean(),
  tensor: z.string().optional(),
});
export type Draw = z.infer<typeof drawSchema>;

/** A draw [B,...] and where it happens. */
export interface NamedDraw {
  readonly at: string;
  /** Default: normal. */
  readonly kind?: 'normal' | 'uniform';
  readonly values: Tensor;
}

/** What every whole run of an official code states. A method names what its cases state beside it. */
export const commonParams = {
  method: z.string(),
  operator: runOperatorSchema,
  sigma_y: z.number().default(0),
  draws: z.array(drawSchema),
  /** Of one picture unless said otherwise. */
  batch: z.int().positive().optional(),
  /** How x_T came about, in words. */
  initial: z.string().optional(),
};

/** The tables of a discrete schedule, and the times that the code walked. */
export const discreteParams = {
  schedule: z.strictObject({
    beta_schedule: z.enum(['linear', 'scaled_linear']),
    beta_start: z.number(),
    beta_end: z.number(),
    num_train_timesteps: z.int(),
    /** Of the tables in the official code: float64 here, within the cases' tolerances. */
    dtype: z.enum(['float32', 'float64']),
  }),
  timesteps: z.array(z.int()),
  timesteps_next: z.array(z.int()),
  prediction_type: z.literal('epsilon'),
};

/** The same of guided-diffusion's networks. */
export const pixelParams = {
  ...discreteParams,
  /** How the official code came by the times. */
  respacing: z.unknown().optional(),
  rescale_timesteps: z.literal(false).default(false),
  dynamic_threshold: z.literal(false).default(false),
  variance_type: z.enum(['learned_range']).nullable(),
  clip_denoised: z.boolean(),
  noise: z.enum(['gaussian', 'poisson']),
  poisson_rate: z.number().optional(),
};

/** The same of the codes around Stable Diffusion, whose tables stand out of step with the network's times. */
export const latentParams = {
  ...discreteParams,
  alpha_index: z.array(z.int().nonnegative().nullable()),
  alpha_index_next: z.array(z.int().nonnegative().nullable()),
  variance_type: z.null(),
  clip_denoised: z.literal(false),
  noise: z.literal('gaussian'),
};

/** How a registered solver is to be run so that it does what the official code did. */
export interface SolverRun {
  readonly solver: Solver;
  /** As a user would write them. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly prior: Prior;
  readonly noise?: 'gaussian' | 'poisson';
  /** The times that the code walked, where the solver walks one grid. */
  readonly legs?: readonly { readonly t: number; readonly next: number }[];
  /** The case's input that the solver is given in the place of a measurement. Default: y. */
  readonly of?: string;
  /** The case records `states` and `x0_hats` of its one picture, without an axis for the batch. */
  readonly recordsOnePicture?: true;
  /** Whether the solver's start is the case's x_T, rather than its first draw. Default: true. */
  readonly startsAtXT?: boolean;
  /**
   * The tensors that `states` (null: nothing) and `x0_hats` record of the solver's state after a step; null: nothing of this
   * one. Default: x or z, x0 or z0.
   */
  watched?(state: State, visit: Visit<unknown>): { readonly x: Tensor | null; readonly x0: Tensor } | null;
  /** Further outputs by their names, after each step. */
  records?(state: State, visit: Visit<unknown>): Readonly<Record<string, Tensor>>;
  /**
   * Further outputs of what each call of a compiled step has changed: [steps, calls of a step, ...], 0 where a step has made
   * fewer calls than another; numbers an image are those of the one picture.
   */
  calls?(changed: State, visit: Visit<unknown>): Readonly<Record<string, Tensor>>;
  /** Further outputs that say how many calls of a step such an output has: by their names, the output's. */
  readonly counts?: Readonly<Record<string, string>>;
  /** Further outputs that are known beforehand; of those that are recorded too, the first entry. */
  readonly known?: Readonly<Record<string, Tensor>>;
  /** Further outputs by their names: of the last state for which they are given. */
  finals?(state: State, visit: Visit<unknown>): Readonly<Record<string, Tensor>>;
  /** The code's random numbers in the form in which the solver draws them, in its order. Default: as the code drew them. */
  readonly draws?: readonly NamedDraw[];
  /** What the solver is given, where the code is given it in another form. Default: y and A as the case states them. */
  given?(y: Tensor, A: Operator): { readonly y: Tensor; readonly A: Operator };
  /** What a solver of another kind than `restore` is given; its method reads the operator. */
  posed?(measured: { readonly y: Tensor; readonly sigma: number }): GivenBy[Kind];
  /** Draws of the code that the solver makes none of, as what they enter counts for nothing in this method. */
  leavesOut?(draw: Draw): boolean;
}

/** A method of the cases: the parameters that its official code states, read strictly, and what they are here. */
export interface Method {
  readonly name: string;
  /**
   * Throws Unsupported for what the registered solver does not do. Where the code went on in several ways, a run for each: the
   * result, states and estimates are those of the first.
   */
  read(params: unknown, given: Given): SolverRun | readonly [SolverRun, ...SolverRun[]];
}

export function defineMethod<R extends z.ZodRawShape>(
  name: string,
  rest: R,
  read: (
    params: z.infer<z.ZodObject<Omit<typeof commonParams, keyof R> & R>>,
    given: Given,
  ) => ReturnType<Method['read']>,
): Method {
  const schema = z.strictObject({ ...commonParams, ...rest });
  return { name, read: (params, given) => read(readParams(schema, params) as never, given) };
}
