import { beforeAll, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { examplesPrior, gaussianFieldPrior } from '../../harness/priors/closed-form.ts';
import { discreteSchedule } from '../../harness/priors/ddim.ts';
import type { UnknownPrior } from '../../harness/priors/prior.ts';
import { scheduleFromConfig, schedulerConfigSchema } from '../../harness/priors/schedule.ts';
import { useDevice } from '../support/device.ts';

beforeAll(() => useDevice('cpu-reference'));

const schedule = discreteSchedule(scheduleFromConfig(schedulerConfigSchema.parse({})));
const T = 300;
const { signal: s, noise: n } = schedule.level(T);

/** E[x_0 | x_t], from the noise that the prior predicts. */
async function meanOf({ predict }: UnknownPrior, x: Tensor): Promise<number[]> {
  const { value } = predict(x, tf.scalar(T));
  return Array.from(await tf.div(tf.sub(x, tf.mul(n, value)), s).data());
}

it('two examples: the mean is a hyperbolic tangent of the projection', async () => {
  const m = [0.5, -0.25];
  const codes = tf.tensor4d([...m, ...m.map((v) => -v)], [2, 1, 1, 2]);
  const x = [0.3, 0.9];
  const share = Math.tanh((s * (m[0]! * x[0]! + m[1]! * x[1]!)) / n ** 2);
  const mean = await meanOf(examplesPrior(codes, 0, schedule), tf.tensor4d(x, [1, 1, 1, 2]));
  expect(mean[0]).toBeCloseTo(m[0]! * share, 5);
  expect(mean[1]).toBeCloseTo(m[1]! * share, 5);
});

it('one example with a spread: the mean of a Gaussian', async () => {
  const [m, spread, x] = [0.4, 0.3, -0.2];
  const mean = await meanOf(
    examplesPrior(tf.fill([1, 1, 1, 1], m), spread, schedule),
    tf.fill([1, 1, 1, 1], x),
  );
  const gain = (s * spread ** 2) / (s ** 2 * spread ** 2 + n ** 2);
  expect(mean[0]).toBeCloseTo(m + gain * (x - s * m), 5);
});

it('an example is more likely where it is nearer, longer ones by no more than that', async () => {
  const codes = tf.tensor4d([0, 1], [2, 1, 1, 1]);
  const [x] = [0.2];
  const likelihood = (m: number) => Math.exp(-((x - s * m) ** 2) / (2 * n ** 2));
  const mean = await meanOf(examplesPrior(codes, 0, schedule), tf.fill([1, 1, 1, 1], x));
  expect(mean[0]).toBeCloseTo(likelihood(1) / (likelihood(0) + likelihood(1)), 5);
});

it("a Gaussian field: Wiener's filter in its basis", async () => {
  const h = Math.SQRT1_2;
  const basis = tf.tensor2d([h, h, h, -h], [2, 2]);
  const variances = tf.tensor2d([4, 1, 0.5, 0.25], [2, 2]);
  // u0 u1^T of the basis: an eigenvector of the covariance, of variance 1.
  const x = tf.tensor4d([1, -1, 1, -1], [1, 1, 2, 2]);
  const mean = await meanOf(gaussianFieldPrior(basis, variances, [1, 2, 2], schedule), x);
  const gain = s / (s ** 2 + n ** 2);
  for (const [i, sign] of [1, -1, 1, -1].entries()) expect(mean[i]).toBeCloseTo(sign * gain, 5);
});
