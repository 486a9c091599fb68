import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import treg from '../../harness/solvers/treg.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const solve = async (params: object, parts: object = {}) => {
  const prior = { ...fakePrior(), ...parts };
  return run(treg, problem(prior, operators['super-resolution']!(), 2), prior, { steps: 9, ...params });
};
/** Five numbers of a picture, as wide as the fake prior's tokens. */
const clipImage = {
  side: 4,
  features: (x: Tensor) => tf.slice(tf.reshape(x, [x.shape[0]!, -1]), [0, 0], [x.shape[0]!, 5]),
};

describe('adaptive negation', () => {
  it('needs an image tower: without one its parameters change nothing', async () => {
    const [some, none] = [await solve({ nullSteps: 10 }), await solve({ nullSteps: 0 })];
    expect(some.restored).toEqual(none.restored);
  });

  it('with one it moves the null text, and no steps of it do not', async () => {
    const without = await solve({});
    const negating = await solve({ nullLr: 0.02 }, { clipImage });
    expect(apart(negating.restored, without.restored)).toBeGreaterThan(1e-3);
    const still = await solve({ nullSteps: 0 }, { clipImage });
    expect(still.restored).toEqual(without.restored);
  });
});

it('at a guidance of 1 the prompt alone counts', async () => {
  const one = { cfgScale: 1, prompt: 'a cat' };
  const { restored } = await solve(one);
  expect((await solve({ ...one, nullPrompt: 'a dog!' })).restored).toEqual(restored);
  expect(apart((await solve({ ...one, prompt: 'a tiger' })).restored, restored)).toBeGreaterThan(1e-3);
});

it.each([
  ['DDIM in between', {}],
  ['DPS in between', { between: 'dps' }],
  ['one pass a prediction', { cfgScale: 1 }],
  ['the last steps without data', { dataBefore: 5 }],
  ['no data steps', { dataBefore: 0 }],
])('states its passes: %s', async (_, params) => {
  const { calls } = await solve(params);
  expect(calls.unetForward).toBe(treg.passes!(treg.params.parse({ steps: 9, ...params })));
});
