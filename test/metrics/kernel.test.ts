import { describe, expect, it } from 'vitest';
import { kernelError, kernelMnc } from '../../harness/metrics/kernel.ts';

/** 3x3 kernels: a line, the same one pixel down, a point. */
const line = [0.5, 0.5, 0, 0, 0, 0, 0, 0, 0];
const lower = [0, 0, 0, 0, 0.5, 0.5, 0, 0, 0];
const point = [0, 0, 0, 0, 1, 0, 0, 0, 0];

describe('the maximum of normalised convolution', () => {
  it('is 1 for the same kernel at any place, and whatever its scale', () => {
    expect(kernelMnc(line, line)).toBeCloseTo(1, 12);
    expect(kernelMnc(lower, line)).toBeCloseTo(1, 12);
    expect(
      kernelMnc(
        lower.map((value) => 3 * value),
        line,
      ),
    ).toBeCloseTo(1, 12);
  });

  it('is the cosine of the best place for others', () => {
    expect(kernelMnc(point, line)).toBeCloseTo(Math.SQRT1_2, 12);
    // A column meets a row in one pixel.
    expect(kernelMnc([0.5, 0, 0, 0.5, 0, 0, 0, 0, 0], line)).toBeCloseTo(0.5, 12);
  });

  it('has zeros around, not the other side', () => {
    const corners = [1, 0, 1, 0, 0, 0, 0, 0, 0];
    expect(kernelMnc([1, 1, 0, 0, 0, 0, 0, 0, 0], corners)).toBeCloseTo(0.5, 12);
  });
});

describe("the kernel's error", () => {
  it('is 0 at another place, and relative to the truth', () => {
    expect(kernelError(lower, line)).toBeCloseTo(0, 12);
    // At the best place (1/2, -1/2) remains of (1/2, 1/2).
    expect(kernelError(point, line)).toBeCloseTo(1, 12);
    expect(kernelError(line, point)).toBeCloseTo(Math.SQRT1_2, 12);
  });
});
