import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { inpainting } from '../../harness/operators/inpainting.ts';
import ddrm from '../../harness/solvers/ddrm.ts';
import type { State } from '../../harness/solvers/run.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { fakePixelPrior, image, misfit, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

/** A prior that sees no noise anywhere: its estimate is x_t / sqrt(abar_t), the xBar of the state. */
const sightless = () => {
  const prior = fakePixelPrior();
  return { ...prior, predict: (x: Tensor) => ({ value: tf.zerosLike(x), variance: tf.zerosLike(x) }) };
};

/** Estimates of each step. */
async function estimates(
  params: Record<string, unknown>,
  given: Parameters<typeof run>[1],
): Promise<Float32Array[]> {
  const seen: Promise<unknown>[] = [];
  const onStep = (_: unknown, { x0 }: State) => seen.push((x0 as Tensor).data());
  await run(ddrm, given, sightless(), params, { onStep });
  return (await Promise.all(seen)) as Float32Array[];
}

const everything = () => inpainting(tf.ones([1, 1, image[1], image[2]]));
const level = (value: number, sigma: number) =>
  ({ A: everything(), y: tf.fill([2, ...image], value), sigma, noise: 'gaussian' }) as const;
const spread = (values: Float32Array, mean: number) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);

describe('starts (eq. 7) in what A sees', () => {
  // One step begins at t = 0 of betas from 1e-4, where sigma_T = 0.01.
  it.each([
    [0, 0.01],
    [0.006, 0.008],
  ])('from y, with noise that makes up sigma_T together with its own, %d', async (sigma, expected) => {
    const [first] = await estimates({ steps: 1 }, level(0.3, sigma));
    expect(spread(first!, 0.3) / expected).toBeGreaterThan(0.95);
    expect(spread(first!, 0.3) / expected).toBeLessThan(1.05);
  });

  it('from noise of sigma_T where y says less', async () => {
    const [first] = await estimates({ steps: 1 }, level(0.3, 0.02));
    expect(spread(first!, 0) / 0.01).toBeCloseTo(1, 1);
  });

  it('at sqrt(abar_T) of it; the public code divides by sigma_T, which is sqrt(1 - abar_T) less', async () => {
    const given = level(0.3, 0.1);
    const steps = 1;
    const [paper] = await estimates({ steps }, given);
    const [code] = await estimates({ steps, variant: 'public-code' }, given);
    const ratio = code![0]! / paper![0]!;
    expect(ratio).toBeCloseTo(1 / Math.sqrt(1e-4), 2);
  });
});

describe('at the last step of a measurement without noise', () => {
  it.each(['super-resolution', 'block averaging', 'inpainting', 'colourisation'])(
    '%s: the paper agrees with y exactly, the public code does not look at it',
    async (name) => {
      const prior = fakePixelPrior();
      const made = problem(prior, operators[name]!(), 2);
      const clean = { ...made, sigma: 0, y: made.A.forward(made.truth) };
      expect(await misfit(clean, await run(ddrm, clean, prior, { steps: 6 }))).toBeLessThan(1e-9);
      const code = await run(ddrm, clean, prior, { steps: 6, variant: 'public-code' });
      expect(await misfit(clean, code)).toBeGreaterThan(1e-7);
    },
  );
});

it('no weight on y (eta_b = 0, eta = 1) is the estimate and fresh noise: y is never looked at after the start', async () => {
  const prior = fakePixelPrior();
  const made = problem(prior, operators.inpainting!(), 2);
  const params = { steps: 6, eta: 1, etaB: 0 };
  // With much noise y says nothing at the start either.
  const blind = { ...made, sigma: 1e6 };
  const other = { ...blind, y: tf.neg(made.y) };
  const first = await run(ddrm, blind, prior, params);
  expect(apart((await run(ddrm, other, prior, params)).restored, first.restored)).toBeLessThan(1e-5);
});
