import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import sdedit from '../../harness/solvers/sdedit.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { fakePixelPrior, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const made = (name: string) => problem(fakePixelPrior(), operators[name]!(), 2);

describe('from the least noise there is', () => {
  const barely = { steps: 1000, t0: 0.001 };
  it.each(['super-resolution', 'block averaging', 'inpainting', 'colourisation'])(
    '%s: comes back to its guide, A^+ y',
    async (name) => {
      const given = made(name);
      const { restored } = await run(sdedit, given, fakePixelPrior(), barely);
      const guide = await given.A.pseudoInverse!(given.y).data();
      expect(Math.max(...restored.map((value, i) => Math.abs(value - guide[i]!)))).toBeLessThan(0.06);
    },
  );

  it('gaussian blur, which has no A^+: comes back to y', async () => {
    const given = made('gaussian blur');
    const { restored } = await run(sdedit, given, fakePixelPrior(), barely);
    const guide = await given.y.data();
    expect(Math.max(...restored.map((value, i) => Math.abs(value - guide[i]!)))).toBeLessThan(0.06);
    expect(given.y.isDisposed).toBe(false);
  });
});

describe('known pixels', () => {
  const params = { steps: 20, t0: 0.5, repeats: 2 };
  it('are put back at the level that the last step starts from', async () => {
    const given = made('inpainting');
    const { restored } = await run(sdedit, given, fakePixelPrior(), params);
    const observed = await given.A.restrict!(tf.ones([2, 3, 16, 16])).data();
    const y = await given.y.data();
    const { signal, noise } = fakePixelPrior().schedule.level(0);
    const errors = Array.from(restored, (value, i) => (value - signal * y[i]!) / noise).filter(
      (_, i) => observed[i] === 1,
    );
    expect(Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length)).toBeCloseTo(1, 1);
  });

  it('are pixels like all where keepKnown is false', async () => {
    const given = made('inpainting');
    const { restrict: _, ...A } = given.A;
    const loose = await run(sdedit, given, fakePixelPrior(), { ...params, keepKnown: false });
    expect(loose.restored).toEqual((await run(sdedit, { ...given, A }, fakePixelPrior(), params)).restored);
    const kept = await run(sdedit, given, fakePixelPrior(), params);
    expect(apart(kept.restored, loose.restored)).toBeGreaterThan(0.1);
  });
});

it('repeats cost the passes that it states', async () => {
  const params = sdedit.params.parse({ steps: 10, t0: 0.45, repeats: 3 });
  const { calls } = await run(sdedit, made('inpainting'), fakePixelPrior(), params);
  expect([calls.unetForward, sdedit.passes!(params)]).toEqual([15, 15]);
});
