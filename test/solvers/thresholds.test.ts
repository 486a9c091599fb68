import { beforeAll, expect, it } from 'vitest';
import { fakeTextPixelPrior } from '../../harness/conformance/fake-priors.ts';
import { runSolver } from '../../harness/conformance/run-solver.ts';
import { compileEager } from '../../harness/engine/compile.ts';
import { tf } from '../../harness/engine/tf.ts';
import cfg from '../../harness/solvers/cfg.ts';
import { thresholded } from '../../harness/solvers/parts/thresholds.ts';
import type { Solver } from '../../harness/solvers/solver.ts';
import thresholdedCfg from '../../harness/solvers/thresholded-cfg.ts';
import { useDevice } from '../support/device.ts';

beforeAll(() => useDevice('cpu-reference'));

const after = (rows: number[][], quantile: number, most: number) =>
  thresholded(tf.tensor2d(rows), quantile, most).arraySync();

it('a picture is divided by the quantile of its magnitudes, and clipped there', () => {
  // Magnitudes 1, 2, 3, 4: three quarters of the way from the first to the last lie 3.25.
  const [pressed, within] = after(
    [
      [1, -2, 3, -4],
      [0.1, -0.2, 0.3, -0.4],
    ],
    0.75,
    100,
  ) as number[][];
  expect(pressed!.map((v) => v * 3.25)).toEqual([1, -2, 3, -3.25].map((v) => expect.closeTo(v, 5)));
  expect(within).toEqual([0.1, -0.2, 0.3, -0.4].map((v) => expect.closeTo(v, 6)));
});

it('the largest magnitude is the whole quantile; no divisor passes its bound', () => {
  expect(after([[1, -2, 8]], 1, 100)).toEqual([[0.125, -0.25, 1]]);
  expect(after([[1, -2, 8]], 1, 4)).toEqual([[0.25, -0.5, 1]]);
  expect(after([[0.5, -2, 8]], 0.5, 1)).toEqual([[0.5, -1, 1]]);
});

const made = async (solver: Solver, params: object) =>
  (
    await runSolver(
      solver,
      { captions: ['a face', 'a face with a hat'] },
      fakeTextPixelPrior(),
      { steps: 8, ...params },
      { compile: compileEager },
    )
  ).restored;

it('pictures stay within their range under guidance that drives those of CFG far out of it', async () => {
  const largest = (pictures: Float32Array) => Math.max(...pictures.map(Math.abs));
  expect(largest(await made(cfg, { scale: 40 }))).toBeGreaterThan(1.5);
  for (const threshold of ['static', 'dynamic'])
    expect(largest(await made(thresholdedCfg, { scale: 40, threshold }))).toBeLessThanOrEqual(1);
});
