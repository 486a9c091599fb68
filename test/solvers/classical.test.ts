// Baselines without a learned prior, against minima that can be written down.
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import { differences, differencesAdjoint } from '../../harness/operators/differences.ts';
import { identity } from '../../harness/operators/identity.ts';
import { inpainting } from '../../harness/operators/inpainting.ts';
import type { Operator } from '../../harness/operators/operator.ts';
import type { Solver } from '../../harness/solvers/solver.ts';
import tikhonov from '../../harness/solvers/tikhonov.ts';
import totalVariation from '../../harness/solvers/total-variation.ts';
import { dot, gaussian } from '../operators/support.ts';
import { useDevice } from '../support/device.ts';
import { fakePixelPrior, run } from './support.ts';

// Minima are reached after hundreds of iterations, in plain JavaScript.
vi.setConfig({ testTimeout: 300_000 });

beforeAll(() => useDevice('cpu-reference'));

/** Restores a 16x16 picture whose three channels are the same rows over and over. */
async function restore(
  solver: Solver,
  A: Operator,
  row: number[],
  params: Record<string, unknown>,
): Promise<number[]> {
  const plane = Array.from({ length: 3 * 16 }, () => row).flat();
  const y = A.forward(tf.tensor(plane, [1, 3, 16, 16]));
  const given = { y, A, sigma: 0, noise: 'gaussian' } as const;
  const { restored } = await run(solver, given, fakePixelPrior(), params, { ids: ['a'] });
  return Array.from(restored.slice(0, 16));
}
const halves = (left: number, right: number) => [
  ...new Array<number>(8).fill(left),
  ...new Array<number>(8).fill(right),
];
const mask = (observed: (column: number) => boolean) =>
  inpainting(
    tf.tensor(
      Array.from({ length: 256 }, (_, i) => (observed(i % 16) ? 1 : 0)),
      [1, 1, 16, 16],
    ),
  );

describe('differences', () => {
  it('<D x, v> = <x, D^T v>', async () => {
    const [x, v] = [gaussian(1, [2, 3, 5, 7]), gaussian(2, [2, 6, 5, 7])];
    expect(await dot(differences(x), v)).toBeCloseTo(await dot(x, differencesAdjoint(v)), 3);
  });

  it('are forward, first down and then across, and 0 at the end', async () => {
    const x = tf.tensor([1, 2, 4, 8], [1, 1, 2, 2]);
    expect([...(await differences(x).data())]).toEqual([3, 6, 0, 0, 1, 0, 4, 0]);
  });
});

describe('Tikhonov', () => {
  it('damps a wave of frequency w by 1 / (1 + lambda (2 - 2 cos w))', async () => {
    // cos(w (i + 1/2)) with w = pi k / 16 is an eigenvector of the squared differences with free ends.
    const w = (Math.PI * 3) / 16;
    const wave = Array.from({ length: 16 }, (_, i) => Math.cos(w * (i + 0.5)));
    const found = await restore(tikhonov, identity(), wave, { lambda: 0.7 });
    const factor = 1 / (1 + 0.7 * (2 - 2 * Math.cos(w)));
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(factor * wave[i]!, 4);
  });

  it('fills a gap along a straight line', async () => {
    const line = Array.from({ length: 16 }, (_, i) => i / 16);
    const found = await restore(
      tikhonov,
      mask((column) => column < 4 || column > 11),
      line,
      {
        lambda: 1e-4,
        cgSteps: 300,
      },
    );
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(line[i]!, 2);
  });
});

describe('total variation', () => {
  it('brings two flat halves of n pixels together by lambda / n each', async () => {
    // 1/2 n (d/2 - t)^2 twice, plus lambda (d - 2 t): t = lambda / n, in each row.
    const found = await restore(totalVariation, identity(), halves(-0.5, 0.5), {
      lambda: 0.8,
      iterations: 400,
    });
    const expected = halves(-0.4, 0.4);
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i]!, 2);
  });

  it('keeps an edge where nothing is seen of it sharp: no slope costs less', async () => {
    const found = await restore(
      totalVariation,
      mask((column) => column < 7 || column > 8),
      halves(-0.5, 0.5),
      { lambda: 1e-3, iterations: 400 },
    );
    expect(found[0]).toBeCloseTo(-0.5, 2);
    expect(found[15]).toBeCloseTo(0.5, 2);
    const rise = found.slice(1).map((v, i) => v - found[i]!);
    expect(rise.reduce((sum, d) => sum + Math.abs(d), 0)).toBeCloseTo(1, 2);
  });
});
