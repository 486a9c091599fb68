import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import { superResolution } from '../../harness/operators/super-resolution.ts';
import { useDevice } from '../support/device.ts';
import { difference, gaussian, operators, shape, values } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

describe("what DPS's code takes for A^T", () => {
  it.each(['gaussian blur', 'motion blur, a kernel an image'])('%s: the measurement itself', async (name) => {
    const y = gaussian(0, [2, ...shape]);
    expect(await difference(operators[name]!().dpsTranspose!(y), y)).toBe(0);
  });

  it('super-resolution: each pixel as a block of its own value', async () => {
    const y = tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 1, 2, 3]);
    const large = await values(superResolution(4, [1, 8, 12]).dpsTranspose!(y));
    const blocks = Array.from({ length: 8 * 12 }, (_, i) => [
      Math.floor(i / 12 / 4),
      Math.floor((i % 12) / 4),
    ]);
    expect([...large]).toEqual(blocks.map(([row, column]) => 1 + 3 * row! + column!));
  });

  it('inpainting: the adjoint', () => {
    expect(operators.inpainting!().dpsTranspose).toBeUndefined();
  });
});
