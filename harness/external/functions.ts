import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { adjoint, proximalMap, pseudoInverse } from '../operators/proximal.ts';
import type { Prior } from '../priors/prior.ts';
import type { Run } from '../solvers/run.ts';
import type { Given } from '../tasks/kinds.ts';
import { rolesOf } from '../tasks/roles.ts';
import type { ExternalKind, Posed } from './kinds.ts';

/** The shape of an array that a function takes; null: a side of any length. */
export type Shape = readonly (number | null)[];
type Tensors = { readonly [name: string]: Tensor };

/** A function of a problem that a program can ask for. */
export interface Askable {
  /** Arrays that it takes, by name. */
  readonly arrays: Readonly<Record<string, Shape>>;
  /** What it takes beside them, as the message has it. */
  readonly beside: Readonly<Record<string, z.ZodType>>;
  /** Arrays that may be left out. */
  readonly optional: readonly string[];
  /** Why there is none; null: there is. */
  readonly lack: string | null;
  call(arrays: Tensors, beside: Readonly<Record<string, unknown>>): Promise<Tensors>;
}

/** By the names that programs call them by. Networks' calls are counted as those of any solver. */
export type Functions = Readonly<Record<string, Askable>>;

export function functionsOf({ kind, given }: Posed, prior: Prior, run: Run): Functions {
  const ofOperator = kind === 'restore' ? ofMeasurement(given, prior, run) : withoutOperator(kind);
  return { ...ofOperator, ...ofPrior(prior, run) };
}

type OperatorFunctions = Readonly<Record<OperatorFunction, Askable>>;
const OPERATOR_FUNCTIONS = ['forward', 'forwardVjp', 'adjoint', 'pseudoInverse', 'proximal'] as const;
type OperatorFunction = (typeof OPERATOR_FUNCTIONS)[number];

function withoutOperator(kind: ExternalKind): Functions {
  const lack = `a task to ${rolesOf(kind).does} has no operator`;
  const missing: Askable = { arrays: {}, beside: {}, optional: [], lack, call: async () => ({}) };
  return Object.fromEntries(OPERATOR_FUNCTIONS.map((name) => [name, missing]));
}

function ofMeasurement({ y, A }: Given['restore'], prior: Prior, run: Run): OperatorFunctions {
  const x: Shape = [run.batch, ...prior.imageShape];
  const measured: Shape = y.shape;
  const nonlinear = A.adjoint ? null : `operator ${A.name} is not linear; ask for forwardVjp`;
  return {
    forward: askable(run, { x }, ({ x }) => ({ value: A.forward(x!) })),
    forwardVjp: askable(run, { x, v: measured }, ({ x, v }) => ({ value: vjp(A.forward, x!, v!) })),
    adjoint: askable(run, { y: measured }, ({ y }) => ({ value: adjoint(A, y!) }), { lack: nonlinear }),
    pseudoInverse: askable(run, { y: measured }, ({ y }) => ({ value: pseudoInverse(A, y!) }), {
      lack: A.pseudoInverse ? null : `operator ${A.name} has no pseudo-inverse`,
    }),
    proximal: askable(
      run,
      { y: measured, x0: x },
      ({ y, x0, lambda }) => ({ value: proximalMap(A, y!, x0!, lambda!) }),
      { beside: { lambda: z.number().positive() }, lack: A.proximal ? null : nonlinear },
    ),
  };
}

function ofPrior(prior: Prior, run: Run): Functions {
  const x: Shape = [run.batch, ...prior.imageShape];
  const z_t: Shape = [run.batch, ...prior.shape];
  const { autoencoder, text, schedule } = prior;
  const decode = (z: Tensor) => autoencoder!.decode(z);
  const encode = (x: Tensor) => autoencoder!.encode(x);
  const predict = ({ x, t, c }: Tensors) => prior.predict(x!, t!, c);
  const ofPixels = autoencoder ? null : `prior ${prior.name} diffuses pictures and has no autoencoder`;
  const time = {
    t: z
      .number()
      .min(0)
      .max(schedule.length - 1),
  };
  return {
    predict: askable(run, { x: z_t, c: EMBEDDINGS }, (given) => ({ ...predict(given) }), {
      beside: time,
      optional: ['c'],
    }),
    predictVjp: askable(
      run,
      { x: z_t, v: z_t, c: EMBEDDINGS },
      ({ x, v, ...rest }) => ({ value: vjp((x) => predict({ ...rest, x }).value, x!, v!) }),
      { beside: time, optional: ['c'] },
    ),
    encode: askable(run, { x }, ({ x }) => ({ value: encode(x!) }), { lack: ofPixels }),
    encodeVjp: askable(run, { x, v: z_t }, ({ x, v }) => ({ value: vjp(encode, x!, v!) }), {
      lack: ofPixels,
    }),
    decode: askable(run, { z: z_t }, ({ z }) => ({ value: decode(z!) }), { lack: ofPixels }),
    decodeVjp: askable(run, { z: z_t, v: x }, ({ z, v }) => ({ value: vjp(decode, z!, v!) }), {
      lack: ofPixels,
    }),
    embed: {
      arrays: {},
      beside: { prompts: z.array(z.string()).length(run.batch) },
      optional: [],
      lack: text ? null : `prior ${prior.name} takes no prompts`,
      call: async (_, { prompts }) => ({ value: text!.embed(prompts as string[]) }),
    },
    normal: {
      arrays: {},
      beside: { role: z.enum(['initial', 'step']) },
      optional: [],
      lack: null,
      call: async (_, { role }) => ({ value: run.normal(role as 'initial' | 'step', prior.shape) }),
    },
  };
}

const EMBEDDINGS: Shape = [null, null, null];

/** One that is compiled at its first call, once for the whole batch; numbers beside the arrays are scalars inside. */
function askable(
  run: Run,
  arrays: Askable['arrays'],
  fn: (given: Tensors) => Tensors,
  { beside = {}, optional = [], lack = null }: Partial<Askable> = {},
): Askable {
  let graph: ((given: Record<string, Tensor | number>) => Promise<Tensors>) | undefined;
  return {
    arrays,
    beside,
    optional,
    lack,
    call(given, numbers) {
      graph ??= run.compile(fn);
      return graph({ ...given, ...(numbers as Record<string, number>) });
    },
  };
}

/** J^T v of a function at x. */
function vjp(fn: (x: Tensor) => Tensor, x: Tensor, v: Tensor): Tensor {
  return tf.grad(fn)(x, v);
}
