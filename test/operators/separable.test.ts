import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { superResolution } from '../../harness/operators/super-resolution.ts';
import { symmetricEigen } from '../../harness/operators/symmetric-eigen.ts';
import { useDevice } from '../support/device.ts';
import { difference, gaussian, shape } from './support.ts';

vi.mock('../../harness/operators/symmetric-eigen.ts', async (original) => {
  const actual = await original<typeof import('../../harness/operators/symmetric-eigen.ts')>();
  return { ...actual, symmetricEigen: vi.fn(actual.symmetricEigen) };
});

describe.each(['cpu-reference', 'cpu'] as const)('a separable operator on %s', (device) => {
  let compile: Compile;
  beforeAll(async () => {
    ({ compile } = await useDevice(device));
  });
  beforeEach(() => void vi.mocked(symmetricEigen).mockClear());

  it('is not decomposed by methods that have no use for its proximal map', () => {
    const A = superResolution(4, shape);
    A.adjoint!(A.forward(gaussian(0, [2, ...shape])));
    expect(symmetricEigen).not.toHaveBeenCalled();
  });

  it('is decomposed once, though first inside a step that is traced anew, and leaves no tensors behind', async () => {
    const A = superResolution(4, shape);
    const y = A.forward(gaussian(1, [2, ...shape]));
    const x0 = gaussian(2, [2, ...shape]);
    const step = compile((s: { x0: Tensor; lambda: Tensor }) => A.proximal!(y, s.x0, s.lambda));
    const before = tf.memory().numTensors;
    const results = [await step({ x0, lambda: 1 }), await step({ x0, lambda: 1 })];
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(await difference(results[0]!, results[1]!)).toBe(0);
    expect(await difference(results[0]!, A.proximal!(y, x0, 1))).toBeLessThan(1e-5);
    expect(symmetricEigen).toHaveBeenCalledTimes(2); // one a side
  });
});
