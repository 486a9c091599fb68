import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import { inpainting } from '../../harness/operators/inpainting.ts';
import type { Operator } from '../../harness/operators/operator.ts';
import dreamsampler from '../../harness/solvers/dreamsampler.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const solve = async (A: Operator, prompt: string) => {
  const prior = fakePrior();
  const { restored } = await run(dreamsampler, problem(prior, A, 2), prior, { steps: 9, prompt });
  return restored;
};
/** How far another prompt moves the picture. */
const moves = async (make: () => Operator) =>
  apart(await solve(make(), 'a tiger'), await solve(make(), 'a cat'));

describe('the prompt', () => {
  it('acts on what is missing', async () => {
    const half = () => inpainting(tf.concat([tf.ones([1, 1, 16, 8]), tf.zeros([1, 1, 16, 8])], 3));
    expect(await moves(half)).toBeGreaterThan(1e-3);
  });

  it('says nothing where no pixel is missing', async () => {
    expect(await moves(() => inpainting(tf.ones([1, 1, 16, 16])))).toBe(0);
  });

  it('acts everywhere if the operator measures all', async () => {
    expect(await moves(operators['super-resolution']!)).toBeGreaterThan(1e-3);
  });
});
