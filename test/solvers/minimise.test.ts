import { beforeAll, expect, it } from 'vitest';
import { compileEager } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { type Minimisation, minimiser } from '../../harness/solvers/parts/minimise.ts';
import { useDevice } from '../support/device.ts';

beforeAll(() => useDevice('cpu-reference'));

/** AdamW on (v - 1)^2 by a loop over doubles, after PyTorch's documentation: where it ends, and after how many updates. */
function byHand(
  start: number,
  { rate, iterations, below, window = Infinity }: Minimisation,
): [number, number] {
  let [v, m, u] = [start, 0, 0];
  const losses: number[] = [];
  for (let i = 1; i <= iterations; i++) {
    const [loss, g] = [(v - 1) ** 2, 2 * (v - 1)];
    m = 0.9 * m + 0.1 * g;
    u = 0.999 * u + 0.001 * g * g;
    v -= rate * 0.01 * v;
    v -= (rate * (m / (1 - 0.9 ** i))) / (Math.sqrt(u / (1 - 0.999 ** i)) + 1e-8);
    losses.push(loss);
    if (loss < below || loss > (losses.at(-1 - window) ?? Infinity)) break;
  }
  return [v, losses.length];
}

async function found(starts: number[], options: Minimisation): Promise<Float32Array> {
  const loss = (v: Tensor) => tf.square(tf.sub(tf.reshape(v, [-1]), 1));
  const minimise = minimiser({ compile: compileEager }, loss, options);
  const before = tf.memory().numTensors;
  const v = await minimise(tf.tensor(starts, [starts.length, 1]));
  expect(tf.memory().numTensors).toBe(before + 1);
  return (await v.data()) as Float32Array;
}

it.each([
  ['for as long as it may', [7, 7, 7], { rate: 0.01, iterations: 7, below: 0 }],
  ['to the update whose loss was below the limit', [24, 1, 10], { rate: 0.1, iterations: 60, below: 0.0025 }],
  ['until a loss is above an earlier one', [28, 9, 13], { rate: 0.1, iterations: 60, below: 0, window: 5 }],
])('AdamW goes on %s, each image on its own', async (_, updates, options) => {
  const starts = [3, 1.04, 0.2];
  const expected = starts.map((start) => byHand(start, options));
  expect(expected.map(([, count]) => count)).toEqual(updates);
  const values = await found(starts, options);
  expected.forEach(([value], i) => {
    expect(values[i]).toBeCloseTo(value, 5);
  });
});
