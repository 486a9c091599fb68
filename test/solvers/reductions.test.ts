/** What methods become when a term of theirs is switched off: each is another method of the list. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import gmlDps from '../../harness/solvers/gml-dps.ts';
import ldps from '../../harness/solvers/ldps.ts';
import p2l from '../../harness/solvers/p2l.ts';
import psld from '../../harness/solvers/psld.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

describe('P2L without prompt steps and projection', () => {
  it.each([{}, { eta: 0.7 }])('is LDPS, bit for bit (%o)', async (extra) => {
    const prior = fakePrior();
    const made = problem(prior, operators['gaussian blur']!(), 2);
    const off = { promptSteps: 0, proxEvery: null, latentStep: 0.5 };
    const reduced = await run(p2l, made, prior, { steps: 20, ...off, ...extra });
    const expected = await run(ldps, made, prior, { steps: 20, omega: 0.5, ...extra });
    expect(reduced.restored).toEqual(expected.restored);
    expect(reduced.restored.every(Number.isFinite)).toBe(true);
  });
});

it.each([
  [psld, {}],
  [gmlDps, {}],
  [psld, { prompt: 'a face', cfgScale: 3 }],
  [gmlDps, { prompt: 'a face', cfgScale: 3 }],
])('$0.title without its second term is LDPS, told %o', async (solver, told) => {
  const prior = fakePrior();
  const made = problem(prior, operators['gaussian blur']!(), 2);
  const { restored } = await run(ldps, made, prior, { steps: 20, ...told });
  const same = await run(solver, made, prior, { steps: 20, gamma: 0, ...told });
  expect(apart(same.restored, restored)).toBeLessThan(1e-5);
});

it('PSLD is GML-DPS when the measurement already agrees with the estimate (A = 0)', async () => {
  const prior = fakePrior();
  const blind = { name: 'blind', linear: true, forward: (x: Tensor) => tf.mul(x, 0), dispose: () => {} };
  const A = { ...blind, adjoint: blind.forward };
  const made = { A, sigma: 0, noise: 'gaussian', y: tf.zeros([2, 3, 16, 16]) } as const;
  const glued = await run(psld, made, prior, { steps: 10 });
  expect(glued.restored).toEqual((await run(gmlDps, made, prior, { steps: 10 })).restored);
  expect(glued.restored.every(Number.isFinite)).toBe(true); // its residual is 0 at every step
});
