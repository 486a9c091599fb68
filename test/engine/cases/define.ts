import { uniforms } from '../../../harness/engine/random.ts';
import { sizeOf } from '../../../harness/engine/shape.ts';
import { type Tensor, tf } from '../../../harness/engine/tf.ts';

type DType = 'float32' | 'int32' | 'bool';

/** A tensor on the host. */
export interface Host {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A call that a kernel must answer as the reference device does. */
export interface Case {
  /** What is special about it. */
  readonly name: string;
  readonly run: (...args: Tensor[]) => Tensor | Tensor[];
  readonly args: readonly Host[];
  /** tfjs's own gradient refuses it (it does not sum over what was broadcast, or knows no empty tensors). */
  readonly valueOnly?: true;
}

/** Cases by the name of the kernel that they run. */
export type Cases = Readonly<Record<string, readonly Case[]>>;

export function on(name: string, run: Case['run'], ...args: Host[]): Case {
  return { name, run, args };
}

export function valueOnly(cases: readonly Case[]): Case[] {
  return cases.map((testCase) => ({ ...testCase, valueOnly: true }));
}

/** The same call with arguments held fixed: no gradient with respect to them. */
export function fixing({ run, args, ...rest }: Case, fixed: readonly number[]): Case {
  const varied = args.filter((_, i) => !fixed.includes(i));
  return {
    ...rest,
    args: varied,
    run: (...given) => {
      const next = given.values();
      return run(...args.map((arg, i) => (fixed.includes(i) ? tensorOf(arg) : next.next().value!)));
    },
  };
}

/** A kernel called by its name: ours have no function in tfjs. */
export function call(kernel: string, names: readonly string[], attrs: object): Case['run'] {
  return (...args) => {
    const inputs = Object.fromEntries(names.map((name, i) => [name, args[i]!]));
    return tf.engine().runKernel(kernel, inputs, { ...attrs });
  };
}

/** Uniform in [low, high), other numbers at each call. */
export function real(shape: readonly number[], low = -2, high = 2): Host {
  return drawn('float32', shape, (u) => Math.fround(low + u * (high - low)));
}

/** Whole numbers low..high. */
export function ints(shape: readonly number[], low = -5, high = 5): Host {
  return drawn('int32', shape, (u) => low + Math.floor(u * (high - low + 1)));
}

export function bools(shape: readonly number[]): Host {
  return drawn('bool', shape, (u) => (u < 0.5 ? 0 : 1));
}

/** A row of given numbers. */
export function row(data: readonly number[], dtype: DType = 'float32'): Host {
  return { dtype, shape: [data.length], data };
}

export function tensorOf({ dtype, shape, data }: Host): Tensor {
  return tf.tensor([...data], [...shape], dtype);
}

export async function hostOf(tensor: Tensor): Promise<Host> {
  return {
    dtype: tensor.dtype as DType,
    shape: tensor.shape,
    data: Array.from(await tensor.data<'float32'>()),
  };
}

let draws = 0;
function drawn(dtype: DType, shape: readonly number[], value: (u: number) => number): Host {
  const next = uniforms({ seed: 0, role: 'sample', image: 'engine cases', draw: draws++ });
  const size = sizeOf(shape);
  return { dtype, shape, data: Array.from({ length: size }, () => value(next())) };
}
