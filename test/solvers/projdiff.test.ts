import { beforeAll, expect, it } from 'vitest';
import type { Tensor } from '../../harness/engine/tf.ts';
import projdiff from '../../harness/solvers/projdiff.ts';
import { useDevice } from '../support/device.ts';
import { fakePixelPrior, misfit, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

it('steps from the start towards the estimate at times noisier than the measurement; the public code takes the estimate', async () => {
  const prior = fakePixelPrior();
  const made = { ...problem(prior, operators.inpainting!(), 2), sigma: 0.5 };
  const seen: Float32Array[][] = [];
  const onStep = (_: unknown, { x, x0 }: Record<string, unknown>) =>
    seen.push([x, x0].map((tensor) => (tensor as Tensor).dataSync() as Float32Array));
  // t = 500 and 0: the noise of the first is above 0.5, that of the second below.
  const p = { steps: 2, lr: 0.25 };
  await run(projdiff, made, prior, p, { onStep: onStep as never });
  const [[start], [x, x0]] = seen as [Float32Array[], [Float32Array, Float32Array]];
  for (const [i, value] of x.entries()) expect(value).toBeCloseTo(0.75 * start![i]! + 0.25 * x0[i]!, 5);
  seen.length = 0;
  await run(projdiff, made, prior, { ...p, variant: 'public-code' }, { onStep: onStep as never });
  const [, [copied, estimate]] = seen as [unknown, [Float32Array, Float32Array]];
  expect(copied).toEqual(estimate);
});

it('agrees with a measurement without noise exactly, after any number of steps', async () => {
  const prior = fakePixelPrior();
  const made = { ...problem(prior, operators['block averaging']!(), 2), sigma: 0 };
  expect(await misfit(made, await run(projdiff, made, prior, { steps: 3 }))).toBeLessThan(1e-10);
});
