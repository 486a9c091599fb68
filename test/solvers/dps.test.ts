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

it('under Poisson noise weighs by the mean of 1/|y| of what was measured: missing pixels say nothing', async () => {
  const prior = fakePixelPrior();
  const made = problem(prior, operators.inpainting!(), 2);
  const inverse = async (i: number) => {
    const y = Array.from((await made.y.data()) as Float32Array).slice(i * 768, (i + 1) * 768);
    const seen = y.filter((value) => value !== 0);
    expect(seen.length).toBeLessThan(y.length);
    return seen.reduce((sum, value) => sum + 1 / Math.abs(value), 0) / seen.length;
  };
  const moved = async (noise: 'gaussian' | 'poisson', zeta: number) =>
    (await run(dps, { ...made, noise }, prior, { steps: 2, zeta })).restored;
  const [still, poisson] = [await moved('gaussian', 0), await moved('poisson', 1e-4)];
  expect(poisson.every(Number.isFinite)).toBe(true);
  // The first picture by its own weight: as Gaussian noise with a step that is longer by it.
  const gaussian = await moved('gaussian', 1e-4 * (await inverse(0)));
  for (let i = 0; i < 768; i++) expect(poisson[i]! - still[i]!).toBeCloseTo(gaussian[i]! - still[i]!, 3);
});
