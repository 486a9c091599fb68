import { describe, expect, it } from 'vitest';
import { uniforms } from '../../harness/engine/random.ts';
import { motionKernel } from '../../harness/tasks/restore/motion-kernel.ts';
import { beta, triangular } from '../../harness/tasks/restore/sampling.ts';
import { apart } from '../support/apart.ts';

function stream(draw: number) {
  return uniforms({ seed: 0, role: 'operator', image: 'kernel', draw });
}

function spread(kernel: Float64Array, size: number) {
  let [x, y, xx, xy, yy] = [0, 0, 0, 0, 0];
  kernel.forEach((weight, i) => {
    const [column, row] = [i % size, Math.floor(i / size)];
    x += weight * column;
    y += weight * row;
    xx += weight * column * column;
    xy += weight * column * row;
    yy += weight * row * row;
  });
  const [a, b, c] = [xx - x * x, xy - x * y, yy - y * y];
  const root = Math.hypot((a - c) / 2, b);
  return { x, y, major: (a + c) / 2 + root, minor: (a + c) / 2 - root };
}

describe('motion kernels', () => {
  it.each([15, 61])('%i pixels: non-negative, sum 1, around the centre, longer than wide', (size) => {
    const shapes = Array.from({ length: 12 }, (_, draw) => {
      const kernel = motionKernel(size, 0.5, stream(draw));
      expect(kernel.length).toBe(size * size);
      expect(kernel.every((value) => value >= 0)).toBe(true);
      expect(kernel.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      return spread(kernel, size);
    });
    for (const { x, y } of shapes) {
      expect(Math.abs(x - (size - 1) / 2)).toBeLessThan(0.2 * size);
      expect(Math.abs(y - (size - 1) / 2)).toBeLessThan(0.2 * size);
    }
    const elongated = shapes.filter(({ major, minor }) => major > 3 * minor).length;
    expect(elongated).toBeGreaterThanOrEqual(6);
  });

  it('are straight at intensity 0', () => {
    const { major, minor } = spread(motionKernel(61, 0, stream(1)), 61);
    expect(minor).toBeLessThan(2);
    expect(major).toBeGreaterThan(5 * minor);
  });

  it('are a function of the stream alone', () => {
    expect(motionKernel(15, 0.5, stream(3))).toEqual(motionKernel(15, 0.5, stream(3)));
    expect(apart(motionKernel(15, 0.5, stream(4)), motionKernel(15, 0.5, stream(3)))).toBeGreaterThan(0.1);
  });
});

describe('distributions', () => {
  const mean = (draw: () => number) => Array.from({ length: 20_000 }, draw).reduce((a, b) => a + b) / 20_000;

  it('beta(a, b) has mean a / (a + b)', () => {
    const next = stream(0);
    expect(mean(() => beta(next, 1, 30))).toBeCloseTo(1 / 31, 2.5);
    expect(mean(() => beta(next, 2, 20))).toBeCloseTo(2 / 22, 2.5);
  });

  it('the triangular distribution has mean (low + mode + high) / 3 and stays inside', () => {
    const next = stream(1);
    const draws = Array.from({ length: 20_000 }, () => triangular(next, 0, 0.5, 2));
    expect(draws.reduce((a, b) => a + b) / 20_000).toBeCloseTo(2.5 / 3, 1.5);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThanOrEqual(2);
  });
});
