import { uniforms } from '../../engine/random.ts';
import { tf } from '../../engine/tf.ts';
import { kernelCode } from '../../operators/blind-blur.ts';
import type { Law } from '../../operators/operator-family.ts';
import type { Uniforms } from '../restore/sampling.ts';

/** A random kernel of size x size, row-major, non-negative with sum 1. */
export type DrawKernel = (next: Uniforms) => Float64Array;

const drawn = new Map<string, Float32Array>();

/**
 * Kernels drawn as the one to be found is, from numbers of their own: what is known of it.
 * @param name of the distribution; each is drawn once in a process
 */
export function kernelLaw(
  name: string,
  { count, size }: { readonly count: number; readonly size: number },
  draw: DrawKernel,
): Law {
  const key = `${name} ${count} ${size}`;
  const values = drawn.get(key) ?? examples(count, size, draw);
  drawn.set(key, values);
  return { is: 'examples', codes: kernelCode(tf.tensor4d(values, [count, 1, size, size])) };
}

function examples(count: number, size: number, draw: DrawKernel): Float32Array {
  const values = new Float32Array(count * size * size);
  for (let i = 0; i < count; i++) {
    const next = uniforms({ seed: 0, role: 'operator', image: 'example', draw: i });
    values.set(draw(next), i * size * size);
  }
  return values;
}
