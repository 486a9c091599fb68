import { sizeOf } from '../engine/shape.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { ParamSpec } from '../networks/parameter-shapes.ts';

/** Each parameter's part of a flat vector. */
export function unpack(flat: Tensor, specs: readonly ParamSpec[]): Tensor[] {
  let offset = 0;
  return specs.map(({ shape }) => {
    const size = sizeOf(shape);
    const part = tf.reshape(tf.slice(flat, [offset], [size]), [...shape]);
    offset += size;
    return part;
  });
}

export function pack(parts: readonly Tensor[]): Tensor {
  return tf.concat(parts.map((part) => tf.reshape(part, [-1])));
}

/** The same on host arrays. */
export function packHost(
  specs: readonly ParamSpec[],
  values: ReadonlyMap<string, Float32Array>,
): Float32Array {
  const flat = new Float32Array(specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
  let offset = 0;
  for (const { name, shape } of specs) {
    flat.set(values.get(name)!, offset);
    offset += sizeOf(shape);
  }
  return flat;
}

export function unpackHost(
  specs: readonly ParamSpec[],
  flat: Float32Array,
): { name: string; shape: readonly number[]; data: Float32Array }[] {
  let offset = 0;
  return specs.map(({ name, shape }) => {
    const data = flat.subarray(offset, offset + sizeOf(shape));
    offset += data.length;
    return { name, shape, data };
  });
}
