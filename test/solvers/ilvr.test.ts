import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { inpainting } from '../../harness/operators/inpainting.ts';
import ilvr from '../../harness/solvers/ilvr.ts';
import type { State, Visit } from '../../harness/solvers/run.ts';
import { useDevice } from '../support/device.ts';
import { fakePixelPrior, image, misfit, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

/** Where every pixel is known the state is the reference, noised: its noise's deviation after each step. */
async function noises(
  params: Record<string, unknown>,
): Promise<{ t: number; next: number; deviation: number }[]> {
  const prior = fakePixelPrior();
  const A = inpainting(tf.ones([1, 1, image[1], image[2]]));
  const made = problem(prior, A, 2);
  const y = await made.y.data();
  const seen: { t: number; next: number; values: Promise<Float32Array> }[] = [];
  await run(ilvr, made, prior, params, {
    onStep: ({ t, next }: Visit<unknown>, { x }: State) =>
      seen.push({ t, next, values: (x as Tensor).data() as Promise<Float32Array> }),
  });
  return Promise.all(
    seen.map(async ({ t, next, values }) => {
      const at = 'noisedTo' in params ? t : next;
      const { signal } = prior.schedule.level(at);
      const x = await values;
      const squares = x.reduce((sum, value, i) => sum + (value - signal * y[i]!) ** 2, 0);
      return { t, next, deviation: Math.sqrt(squares / x.length) };
    }),
  );
}

describe('the reference is noised to where', () => {
  it('a step lands, as in the paper: the last one puts y itself in place', async () => {
    const { schedule } = fakePixelPrior();
    const all = await noises({ steps: 6 });
    for (const { next, deviation } of all.slice(0, -1))
      expect(deviation / schedule.level(next).noise).toBeCloseTo(1, 1);
    expect(all.at(-1)!.deviation).toBeLessThan(1e-6);
  });

  it('a step starts from, as in the public code', async () => {
    const { schedule } = fakePixelPrior();
    for (const { t, deviation } of await noises({ steps: 6, noisedTo: 'start' }))
      expect(deviation / schedule.level(t).noise).toBeCloseTo(1, 1);
  });
});

it.each(['block averaging', 'inpainting', 'colourisation'])(
  '%s: agrees with the measurement after the last step, unless that is left free',
  async (name) => {
    const prior = fakePixelPrior();
    const made = problem(prior, operators[name]!(), 2);
    expect(await misfit(made, await run(ilvr, made, prior, { steps: 6 }))).toBeLessThan(1e-9);
    const free = await run(ilvr, made, prior, { steps: 6, freeSteps: 1 });
    expect(await misfit(made, free)).toBeGreaterThan(1e-7);
  },
);
