import { type Tensor, tf } from '../engine/tf.ts';

/** An array on the host, row-major, in the type that it was stored or computed in. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array;
}

/** On the device: numbers with a fraction as float32, whole ones as int32. */
export function toTensor({ shape, data }: Values): Tensor {
  const whole = data instanceof BigInt64Array || data instanceof Int32Array || data instanceof Uint8Array;
  if (whole) return tf.tensor(Int32Array.from(data as ArrayLike<number>, Number), [...shape], 'int32');
  return tf.tensor(data instanceof Float32Array ? data : Float32Array.from(data), [...shape]);
}

export async function fromTensor(tensor: Tensor): Promise<Values> {
  return { shape: tensor.shape, data: (await tensor.data()) as Float32Array | Int32Array };
}

/** The numbers in double precision; whole ones beyond 2^53 are rounded. */
export function toDoubles({ data }: Values): Float64Array {
  return data instanceof Float64Array ? data : Float64Array.from(data as ArrayLike<number>, Number);
}

/** A list of numbers as a vector. */
export function vector(data: Values['data']): Values {
  return { shape: [data.length], data };
}

/** Arrays of equal shape, one after the other along a new first axis. */
export function stack(parts: readonly Values[]): Values {
  const [first] = parts;
  if (!first) throw new Error('stack: no arrays');
  const data = Float32Array.from(parts.flatMap((part) => Array.from(part.data as Float32Array)));
  return { shape: [parts.length, ...first.shape], data };
}
