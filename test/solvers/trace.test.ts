/** What built-in methods say of their steps (`tweedie run --trace`). */
import { beforeAll, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import dps from '../../harness/solvers/dps.ts';
import p2l from '../../harness/solvers/p2l.ts';
import { norm } from '../../harness/solvers/parts/gradients.ts';
import { Trace } from '../../harness/solvers/trace.ts';
import { useDevice } from '../support/device.ts';
import { fakePixelPrior, fakePrior, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

it.each([
  ['DPS', dps, fakePixelPrior(), 'x0', {}],
  ['P2L', p2l, fakePrior(), 'z0', { proxEvery: null }],
])('%s traces ||y - A x0|| of each picture, and x0', async (_, solver, prior, name, params) => {
  const trace = new Trace();
  const made = problem(prior, operators['super-resolution']!(), 2);
  const { restored } = await run(solver, made, prior, { steps: 12, ...params }, { trace });
  const untraced = await run(solver, made, prior, { steps: 12, ...params });
  expect(untraced.restored).toEqual(restored);

  const loss = trace.scalars.get('loss')!;
  expect([...loss.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const pictures = trace.pictures.get(name)!;
  expect(pictures.size).toBe(10);
  for (const [step, { data, shape }] of pictures) {
    const x0 = tf.tensor(data, [...shape]);
    const [first, second] = await norm(tf.sub(made.y, made.A.forward(x0))).data();
    expect(loss.get(step)![0]).toBeCloseTo(first!, 4);
    expect(loss.get(step)![1]).toBeCloseTo(second!, 4);
  }
});
