import { beforeAll, describe, expect, it } from 'vitest';
import ddnm from '../../harness/solvers/ddnm.ts';
import { travelWalk } from '../../harness/solvers/parts/grids.ts';
import { useDevice } from '../support/device.ts';
import { fakePixelPrior, misfit, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

it.each(['super-resolution', 'block averaging', 'inpainting', 'colourisation'])(
  '%s: agrees with a measurement whose noise it takes for picture',
  async (name) => {
    const prior = fakePixelPrior();
    const made = problem(prior, operators[name]!(), 2);
    expect(await misfit(made, await run(ddnm, made, prior, { steps: 8 }))).toBeLessThan(1e-9);
  },
);

describe('travels in time', () => {
  it('go up l steps at every l-th step but the last ones, r - 1 times', () => {
    expect(travelWalk(6, 2, 2)).toEqual([5, 4, 3, 2, 3, 4, 3, 2, 1, 0, 1, 2, 1, 0]);
    expect(travelWalk(4, 1, 1)).toEqual([3, 2, 1, 0]);
  });

  it('cost the passes that it states', async () => {
    const prior = fakePixelPrior();
    const params = ddnm.params.parse({ steps: 6, travelLength: 2, travelRepeat: 2 });
    const { calls } = await run(ddnm, problem(prior, operators.inpainting!(), 2), prior, params);
    expect([calls.unetForward, ddnm.passes!(params)]).toEqual([10, 10]);
  });
});
