import { beforeAll, expect, it } from 'vitest';
import dps from '../../harness/solvers/dps.ts';
import { useDevice } from '../support/device.ts';
import { fakePixelPrior, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

it('without guidance samples the prior: pixels of deviation 0.5', async () => {
  const prior = fakePixelPrior();
  const { restored } = await run(dps, problem(prior, operators.inpainting!(), 2), prior, {
    steps: 250,
    zeta: 0,
  });
  const square = restored.reduce((sum, v) => sum + v * v, 0) / restored.length;
  expect(Math.sqrt(square)).toBeGreaterThan(0.45);
  expect(Math.sqrt(square)).toBeLessThan(0.55);
});

it('walks the training steps evenly from the last to the first', async () => {
  const prior = fakePixelPrior();
  const times: number[] = [];
  const made = problem(prior, operators.inpainting!(), 2);
  await run(dps, made, prior, { steps: 4 }, { onStep: ({ t }) => times.push(t) });
  expect(times).toEqual([999, 666, 333, 0]);
});
