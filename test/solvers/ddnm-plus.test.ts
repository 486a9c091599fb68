import { beforeAll, describe, expect, it } from 'vitest';
import { blockAverage } from '../../harness/operators/block-average.ts';
import { withNoise } from '../../harness/operators/noise.ts';
import { basisFrom } from '../../harness/operators/svd.ts';
import ddnm from '../../harness/solvers/ddnm.ts';
import ddnmPlus from '../../harness/solvers/ddnm-plus.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { fakePixelPrior, gaussian, image, misfit, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

describe('without noise in y', () => {
  it.each(['super-resolution', 'block averaging', 'inpainting', 'colourisation'])(
    '%s: agrees with y, and is DDNM where all noise is fresh',
    async (name) => {
      const prior = fakePixelPrior();
      const made = { ...problem(prior, operators[name]!(), 2), sigma: 0 };
      const params = { steps: 8, travelLength: 2, travelRepeat: 2 };
      const plus = await run(ddnmPlus, made, prior, params);
      expect(await misfit(made, plus)).toBeLessThan(1e-9);
      const fresh = { steps: 8, eta: 1 };
      const [one, other] = [await run(ddnmPlus, made, prior, fresh), await run(ddnm, made, prior, fresh)];
      expect(apart(one.restored, other.restored)).toBeLessThan(1e-4);
    },
  );
});

describe('the basis of the components that A does not see', () => {
  const other = basisFrom([-0.25, ...new Array<number>(15).fill(-0.25)]);
  const pictures = (variant: string) => {
    const prior = fakePixelPrior();
    const made = problem(prior, blockAverage(4, image), 2);
    const params = { steps: 6, variant };
    return Promise.all([
      run(ddnmPlus, made, prior, params),
      run(ddnmPlus, { ...made, A: blockAverage(4, image, other) }, prior, params),
    ]);
  };

  it("does not matter in the paper's form", async () => {
    const [one, same] = await pictures('paper');
    expect(apart(one.restored, same.restored)).toBeLessThan(1e-4);
  });

  it("does in the public code's, which takes pixels for coefficients", async () => {
    const [one, another] = await pictures('public-code');
    expect(apart(one.restored, another.restored)).toBeGreaterThan(0.01);
  });
});

it('takes the noise of y for noise: nearer to the truth than DDNM, which takes it for picture', async () => {
  const prior = fakePixelPrior();
  const A = operators.inpainting!();
  const made = problem(prior, A, 2);
  const noisy = {
    ...made,
    sigma: 1,
    y: withNoise(A, A.forward(made.truth), gaussian(7, made.y.shape), 1),
  };
  const params = { steps: 20, eta: 1 };
  const error = async (solver: typeof ddnm) => {
    const { restored } = await run(solver, noisy, prior, params);
    const truth = await made.truth.data();
    return restored.reduce((sum, value, i) => sum + (value - truth[i]!) ** 2, 0);
  };
  expect(await error(ddnmPlus)).toBeLessThan(0.8 * (await error(ddnm)));
});
