import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import { ddim } from '../../harness/solvers/parts/grids.ts';
import { afterInversion } from '../../harness/solvers/parts/inversion.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, gaussian } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

describe('a grid after its inversion', () => {
  it('walks its legs up, then down', () => {
    const { legs } = afterInversion(ddim(fakePrior(), { steps: 3, eta: 0 }));
    expect(legs).toEqual([
      { t: -1, next: 1 },
      { t: 1, next: 334 },
      { t: 334, next: 667 },
      { t: 667, next: 334 },
      { t: 334, next: 1 },
      { t: 1, next: -1 },
    ]);
  });

  it('goes up to where the step down with the same noise comes from, and asks the network at the upper end', async () => {
    const prior = fakePrior();
    const grid = afterInversion(ddim(prior, { steps: 3, eta: 0 }));
    const [x, e] = [gaussian(0, [1, ...prior.shape]), gaussian(1, [1, ...prior.shape])];
    for (const [i, coefficients] of grid.coefficients(grid.legs).entries()) {
      const { t, next } = grid.legs[i]!;
      expect(coefficients.t).toBe(Math.max(t, next));
      const c = Object.fromEntries(Object.entries(coefficients).map(([name, v]) => [name, tf.scalar(v)]));
      const { up, down } = grid.at(c, tf.scalar(0));
      const above = up(x, e);
      const level = prior.schedule.level(Math.max(t, next));
      const below = prior.schedule.level(Math.min(t, next));
      const z0 = tf.div(tf.sub(x, tf.mul(below.noise, e)), below.signal);
      const expected = await tf.add(tf.mul(level.signal, z0), tf.mul(level.noise, e)).data();
      const back = await down.ddim(down.clean(above, { value: e }), e).data();
      const start = await x.data();
      (await above.data()).forEach((value, k) => {
        expect(value).toBeCloseTo(expected[k]!, 4);
        expect(back[k]).toBeCloseTo(start[k]!, 4);
      });
    }
  });
});
