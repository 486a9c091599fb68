/** Runs the cases of ./cases.ts on a device and compares the answers. */
import { expect } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { uniforms } from '../../harness/engine/random.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { type Case, type Host, hostOf, tensorOf } from './cases.ts';

/** Values of a case, and gradients of sum(weights * values) with respect to its float32 arguments where `differentiate`. */
export interface Answer {
  readonly values: readonly Host[];
  readonly gradients: readonly Host[];
}

export async function answer(compile: Compile, { args, run }: Case, differentiate: boolean): Promise<Answer> {
  const step = compile((inputs: readonly Tensor[]) => {
    const values: readonly Tensor[] = [run(...inputs)].flat();
    const floats = inputs.filter(({ dtype }) => dtype === 'float32');
    if (!differentiate || floats.length === 0) return { values, gradients: [] as readonly Tensor[] };
    const loss = (...varied: Tensor[]) => {
      const next = varied.values();
      return weightedSum(
        [run(...inputs.map((x) => (x.dtype === 'float32' ? next.next().value! : x)))].flat(),
      );
    };
    return { values, gradients: tf.grads(loss)([...floats]) as readonly Tensor[] };
  });
  const { values, gradients } = await step(args.map(tensorOf));
  return {
    values: await Promise.all(values.map(hostOf)),
    gradients: await Promise.all(gradients.map(hostOf)),
  };
}

/** What gradients are of: sum(weights(0) * out_0) + sum(weights(1) * out_1) + ... */
function weightedSum(outputs: readonly Tensor[]): Tensor {
  const sums = outputs.map((out, i) => tf.sum(tf.mul(out, tf.tensor(weights(out.size, i), out.shape))));
  return sums.reduce((a, b) => tf.add(a, b));
}

/** In [-1, 1), other for each element of each output. */
export function weights(count: number, output: number): Float32Array {
  const next = uniforms({ seed: 0, role: 'sample', image: 'weights', draw: output });
  return Float32Array.from({ length: count }, () => 2 * next() - 1);
}

/** Same types and shapes; whole numbers equal, floats within `tolerance` of the largest. */
export function expectClose(actual: readonly Host[], expected: readonly Host[], tolerance: number): void {
  expect(actual.map(({ dtype, shape }) => ({ dtype, shape }))).toEqual(
    expected.map(({ dtype, shape }) => ({ dtype, shape })),
  );
  for (const [i, { dtype, data }] of expected.entries()) {
    const found = actual[i]!.data;
    if (dtype !== 'float32') expect(found).toEqual(data);
    else {
      const largest = data.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
      const furthest = data.reduce((max, v, j) => Math.max(max, distance(found[j]!, v)), 0);
      expect(furthest, `found [${found.slice(0, 8)}], expected [${data.slice(0, 8)}]`).toBeLessThanOrEqual(
        tolerance * largest,
      );
    }
  }
}

/** Infinite unless both are numbers or both are none. */
function distance(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  const d = Math.abs(a - b);
  return Number.isNaN(d) ? Number.POSITIVE_INFINITY : d;
}
