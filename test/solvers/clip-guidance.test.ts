import { beforeAll, expect, it } from 'vitest';
import { fakeTextPixelPrior } from '../../harness/conformance/fake-priors.ts';
import { runSolver } from '../../harness/conformance/run-solver.ts';
import { compileEager } from '../../harness/engine/compile.ts';
import { tf } from '../../harness/engine/tf.ts';
import clipGuidance from '../../harness/solvers/clip-guidance.ts';
import { ancestral } from '../../harness/solvers/parts/grids.ts';
import type { Solver } from '../../harness/solvers/solver.ts';
import thresholdedCfg from '../../harness/solvers/thresholded-cfg.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';

beforeAll(() => useDevice('cpu-reference'));

const captions = ['a face', 'a face with a hat'];
const made = async (solver: Solver, params: object, prior = fakeTextPixelPrior()) =>
  (await runSolver(solver, { captions }, prior, { steps: 8, ...params }, { compile: compileEager })).restored;

/** The cosine that CLIP gives each picture with its caption, added up. */
function agreement(pictures: Float32Array): number {
  const { imageShape, noisedClip } = fakeTextPixelPrior();
  const seen = noisedClip.imageFeatures(tf.tensor(pictures, [2, ...imageShape]), tf.scalar(0));
  const [image, text] = [seen, noisedClip.textFeatures(captions)].map((x) =>
    tf.div(x, tf.norm(x, 2, 1, true)),
  );
  return tf.sum(tf.mul(image!, text!)).dataSync()[0]!;
}

it('moves pictures to where CLIP sees their captions, with either sampler', async () => {
  for (const sampler of ['ancestral', 'ddim']) {
    const [free, led] = [
      await made(clipGuidance, { sampler, scale: 0 }),
      await made(clipGuidance, { sampler }),
    ];
    expect(agreement(led)).toBeGreaterThan(agreement(free) + 0.1);
  }
});

it('with scale 0 and ddim it is sampling under the caption with clipped estimates', async () => {
  const conditional = await made(thresholdedCfg, { scale: 1, threshold: 'static' });
  expect(apart(await made(clipGuidance, { sampler: 'ddim', scale: 0 }), conditional)).toBeLessThan(1e-5);
});

it('the network is told the caption, or it is not', async () => {
  const free = await made(clipGuidance, { scale: 0, conditional: false });
  expect(apart(await made(clipGuidance, { scale: 0 }), free)).toBeGreaterThan(1e-3);
});

it("without learned variance the ancestral step has that of q(x' | x, x_0)", async () => {
  const { imageShape: shape, ...prior } = fakeTextPixelPrior();
  const grid = ancestral({ ...prior, imageShape: shape }, 4);
  const coefficients = grid.coefficients(grid.legs)[1]!;
  const at = grid.at(
    Object.fromEntries(Object.entries(coefficients).map(([name, value]) => [name, tf.scalar(value)])),
    tf.scalar(0),
  );
  const { logVariance } = at.posterior(tf.ones([1, ...shape]), { value: tf.zeros([1, ...shape]) });
  const [now, then] = [grid.legs[1]!.t, grid.legs[1]!.next].map((t) => prior.schedule.level(t).signal ** 2);
  const expected = ((1 - now! / then!) * (1 - then!)) / (1 - now!);
  expect(Math.exp(logVariance.dataSync()[0]!)).toBeCloseTo(expected, 5);
});
