import { beforeAll, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { hamiltonian, langevin, metropolis } from '../../harness/solvers/parts/markov-chains.ts';
import { useDevice } from '../support/device.ts';

beforeAll(() => useDevice('cpu-reference'));

const one = (value: number) => tf.tensor([value], [1, 1, 1, 1]);
const valueAt = (x: Tensor) => x.dataSync()[0]!;
const rate = () => tf.scalar(0.02);

it('Langevin: u + rate score + sqrt(2 rate) n', () => {
  expect(valueAt(langevin(one(1), one(3), rate(), one(-2)))).toBeCloseTo(1 + 0.06 - 0.4, 6);
});

it('Hamiltonian: momentum v + sqrt(rate) score + sqrt(2 (1 - momentum)) n, then u moves by sqrt(rate) of it', () => {
  const v = 0.9 * 2 + Math.sqrt(0.02) * 3 - 2 * Math.sqrt(0.2);
  const moved = hamiltonian({ u: one(1), v: one(2) }, one(3), rate(), 0.9, one(-2));
  expect([valueAt(moved.v), valueAt(moved.u)]).toEqual([
    expect.closeTo(v, 5),
    expect.closeTo(1 + Math.sqrt(0.02) * v, 5),
  ]);
});

it('Metropolis and Hastings: takes a proposal where the uniform number lies below p(proposal) / p(u), image by image', () => {
  const u = tf.tensor([1, 1, 1], [3, 1, 1, 1]);
  const n = tf.tensor([1, 1, -1], [3, 1, 1, 1]);
  const logDensity = (u: Tensor) => tf.mul(-4, tf.reshape(u, [-1]));
  // exp(-4 sqrt(0.02)) = 0.568; the last proposal is the likelier.
  const moved = metropolis(u, logDensity, rate(), n, tf.tensor([0.56, 0.58, 0.999]));
  const step = Math.sqrt(0.02);
  expect([...moved.dataSync()]).toEqual([1 + step, 1, 1 - step].map((x) => expect.closeTo(x, 6)));
});
