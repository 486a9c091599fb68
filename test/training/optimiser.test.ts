import { beforeAll, expect, it } from 'vitest';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import {
  adamStep,
  type OptimiserState,
  type StepScalars,
  scalarsOf,
} from '../../harness/training/optimiser.ts';

let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu:1');
});

type Arguments = { state: OptimiserState; gradient: Tensor; scalars: StepScalars };

/** No warm-up, and so many steps that the cosine is 1 to seven digits. */
const config = { steps: 1e6, warmup: 0, learningRate: 0.1, ema: 0.5 };

it('takes the two Adam steps that one computes by hand, and averages the iterates', async () => {
  const step = device.compile(({ state, gradient, scalars }: Arguments) =>
    adamStep(state, gradient, scalars),
  );
  const zero = () => tf.tensor1d([0]);
  const start = { weights: tf.tensor1d([1]), m: zero(), v: zero(), average: tf.tensor1d([1]) };

  // g = 0.5: m = 0.05, v = 0.00025; corrected 0.5 and 0.25; step 0.5 / sqrt(0.25) = 1; the average has decay 1/10.
  const first = await step({ state: start, gradient: tf.tensor1d([0.5]), scalars: scalarsOf(0, config) });
  expect(await values(first)).toEqual({
    weights: near(0.9),
    m: near(0.05),
    v: near(0.00025),
    average: near(0.1 * 1 + 0.9 * 0.9),
  });

  // g = -1: m = 0.045 - 0.1 = -0.055, over 0.19; v = 0.00024975 + 0.001 = 0.00124975, over 0.001999.
  const second = await step({ state: first, gradient: tf.tensor1d([-1]), scalars: scalarsOf(1, config) });
  const weights = 0.9 + (0.1 * (0.055 / 0.19)) / Math.sqrt(0.00124975 / 0.001999);
  expect(await values(second)).toEqual({
    weights: near(weights),
    m: near(-0.055),
    v: near(0.00124975),
    average: near((2 / 11) * 0.91 + (9 / 11) * weights),
  });
});

it('warms the learning rate up from the first step on, then lowers it as a cosine to zero', () => {
  const rate = (n: number) =>
    scalarsOf(n, { steps: 100, warmup: 10, learningRate: 2, ema: 0.999 }).learningRate;
  expect(rate(0)).toBeCloseTo(0.2, 10);
  expect(rate(4)).toBeCloseTo(0.5 * (1 + Math.cos(0.04 * Math.PI)), 10);
  expect(rate(50)).toBeCloseTo(1, 10);
  expect(rate(99)).toBeLessThan(0.001);
});

it('lets the average forget its start quickly and then settles at the decay asked for', () => {
  const decay = (n: number) => scalarsOf(n, { ...config, ema: 0.9 }).averageDecay;
  expect([decay(0), decay(10), decay(1000)]).toEqual([0.1, 11 / 20, 0.9]);
});

function near(value: number): unknown {
  return expect.closeTo(value, 6);
}

async function values(state: ReturnType<typeof adamStep>): Promise<Record<string, number>> {
  const entries = Object.entries(state).map(
    async ([name, tensor]) => [name, (await tensor.data())[0]!] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
