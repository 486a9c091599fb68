import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { adjoint, proximalMap, pseudoInverse } from '../operators/proximal.ts';
import type { Prior } from '../priors/prior.ts';
import type { Run } from '../solvers/run.ts';
import type { Given } from '../tasks/kinds.ts';

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

export function functionsOf({ y, A }: Given['restore'], prior: Prior, run: Run): Functions {
  const x: Shape = [run.batch, ...prior.imageShape];
  const z_t: Shape = [run.batch, ...prior.shape];
  const measured: Shape = y.shape;
  const { autoencoder, text, schedule } = prior;
  const decode = (z: Tensor) => autoencoder!.decode(z);
  const encode = (x: Tensor) => autoencoder!.encode(x);
  const predict = ({ x, t, c }: Tensors) => prior.predict(x!, t!, c);
  const nonlinear = A.adjoint ? null : `operator ${A.name} is not linear; ask for forwardVjp`;
  const ofPixels = autoencoder ? null : `prior ${prior.name} diffuses pictures and has no autoencoder`;
  const time = {
    t: z
      .number()
      .min(0)
      .max(schedule.length - 1),
  };

  const compiled = (
    arrays: Askable['arrays'],
    fn: (given: Tensors) => Tensors,
    more: Partial<Askable> = {},
  ) => askable(run, arrays, fn, more);
  return {
    forward: compiled({ x }, ({ x }) => ({ value: A.forward(x!) })),
    forwardVjp: compiled({ x, v: measured }, ({ x, v }) => ({ value: vjp(A.forward, x!, v!) })),
    adjoint: compiled({ y: measured }, ({ y }) => ({ value: adjoint(A, y!) }), { lack: nonlinear }),
    pseudoInverse: compiled({ y: measured }, ({ y }) => ({ value: pseudoInverse(A, y!) }), {
      lack: A.pseudoInverse ? null : `operator ${A.name} has no pseudo-inverse`,
    }),
    proximal: compiled(
      { y: measured, x0: x },
      ({ y, x0, lambda }) => ({ value: proximalMap(A, y!, x0!, lambda!) }),
      { beside: { lambda: z.number().positive() }, lack: A.proximal ? null : nonlinear },
    ),
    predict: compiled({ x: z_t, c: EMBEDDINGS }, (given) => ({ ...predict(given) }), {
      beside: time,
      optional: ['c'],
    }),
    predictVjp: compiled(
      { x: z_t, v: z_t, c: EMBEDDINGS },
      ({ x, v, ...rest }) => ({ value: vjp((x) => predict({ ...rest, x }).value, x!, v!) }),
      { beside: time, optional: ['c'] },
    ),
    encode: compiled({ x }, ({ x }) => ({ value: encode(x!) }), { lack: ofPixels }),
    encodeVjp: compiled({ x, v: z_t }, ({ x, v }) => ({ value: vjp(encode, x!, v!) }), { lack: ofPixels }),
    decode: compiled({ z: z_t }, ({ z }) => ({ value: decode(z!) }), { lack: ofPixels }),
    decodeVjp: compiled({ z: z_t, v: x }, ({ z, v }) => ({ value: vjp(decode, z!, v!) }), { lack: ofPixels }),
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
  { beside = {}, optional = [], lack = null }: Partial<Askable>,
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
