import { beforeAll, describe, expect, it } from 'vitest';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import blindMotionDeblurring from '../../harness/tasks/blind/blind-motion-deblurring.ts';
import turbulence from '../../harness/tasks/blind/turbulence.ts';
import type { Task } from '../../harness/tasks/task.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';

beforeAll(() => useDevice('cpu-reference'));

const ids = ['a', 'b'];

async function pose(
  task: Task<'blind'>,
  params: Record<string, unknown>,
  x: Tensor = tf.ones([2, 3, 16, 16]),
) {
  const all = task.params.parse({ examples: 20, ...params });
  return task.pose({ x, ids, dataset: toyfaces }, all, new BatchStreams(0, ids));
}

/** What measures a point in the middle: the kernel, turned. */
async function response(task: Task<'blind'>, params: Record<string, unknown>) {
  const point = tf.reshape(tf.cast(tf.oneHot([8 * 16 + 8], 256), 'float32'), [1, 1, 16, 16]);
  const { given } = await pose(task, { noise: 0, ...params }, tf.tile(point, [2, 3, 1, 1]));
  return given;
}

describe('blind-motion-deblurring', () => {
  it('measures each picture through a kernel of its own, and does not tell it', async () => {
    const { y, A } = await response(blindMotionDeblurring, { kernelSize: 7 });
    const [first, second] = (await tf.unstack(y)) as [Tensor, Tensor];
    const [a, b] = [Float64Array.from(await first.data()), Float64Array.from(await second.data())];
    expect(a.reduce((sum, value) => sum + value, 0) / 3).toBeCloseTo(1, 5);
    expect(Math.min(...a)).toBeGreaterThanOrEqual(0);
    expect(apart(a, b)).toBeGreaterThan(0.05);
    expect(A.unknowns.kernel.shape).toEqual([1, 7, 7]);
    expect(A.unknowns.tilt).toBeUndefined();
  });

  it('tells how kernels are distributed by as many examples as are asked for, none of them the one', async () => {
    const { y, A } = await response(blindMotionDeblurring, { kernelSize: 5, examples: 12 });
    const { law, decode } = A.unknowns.kernel;
    if (law.is !== 'examples') throw new Error('expected examples');
    expect(law.codes.shape).toEqual([12, 1, 5, 5]);
    const middle = tf.reverse(tf.slice(y, [0, 0, 6, 6], [1, 1, 5, 5]), [2, 3]);
    const distances = tf.max(tf.abs(tf.sub(decode(law.codes), middle)), [1, 2, 3]);
    expect(Math.min(...(await distances.data()))).toBeGreaterThan(1e-3);
  });

  it('has the pictures as truth, zeros outside, and noise of the deviation that is asked for', async () => {
    const { given, truth } = await pose(blindMotionDeblurring, { kernelSize: 5, noise: 0.1 });
    expect(Math.min(...(await truth.data()))).toBe(1);
    const inside = tf.slice(given.y, [0, 0, 3, 3], [2, 3, 10, 10]);
    const deviation = Math.sqrt((await tf.mean(tf.square(tf.sub(inside, 1))).data())[0]!);
    expect(deviation).toBeGreaterThan(0.085);
    expect(deviation).toBeLessThan(0.115);
    const edge = tf.mean(tf.slice(given.y, [0, 0, 0, 0], [2, 3, 1, 1]));
    expect((await edge.data())[0]).toBeLessThan(0.95);
  });

  it('refuses a kernel that is larger than the picture', async () => {
    await expect(pose(blindMotionDeblurring, { kernelSize: 17 })).rejects.toThrow(
      'blind-motion-deblurring.kernelSize: expected at most 16 for 16x16 images, found 17',
    );
  });

  it('has the measurement itself as baseline, its kernel a point', async () => {
    const { given } = await pose(blindMotionDeblurring, { kernelSize: 5 });
    const found = blindMotionDeblurring.baseline!.solve(given, [3, 16, 16]) as { x: Tensor; kernel: Tensor };
    expect(found.x.shape).toEqual([2, 3, 16, 16]);
    const fitted = given.A.forward(found.x, found);
    expect(apart(await fitted.data(), await given.y.data())).toBe(0);
  });
});

describe('turbulence', () => {
  it('tilts by a field of the deviation that is asked for, in pixels', async () => {
    const ramp = tf.tile(tf.reshape(tf.range(0, 32), [1, 1, 1, 32]), [2, 3, 32, 1]);
    const { given } = await pose(
      turbulence,
      { kernelSize: 5, blur: 0.1, tilt: 0.8, correlation: 1, noise: 0 },
      ramp,
    );
    const inside = (x: Tensor) => tf.slice(x, [0, 0, 5, 5], [2, 1, 22, 22]);
    const moved = Float64Array.from(await tf.sub(inside(given.y), inside(ramp)).data());
    const deviation = Math.sqrt(moved.reduce((sum, value) => sum + value * value, 0) / moved.length);
    expect(deviation).toBeGreaterThan(0.7);
    expect(deviation).toBeLessThan(0.9);
  });

  it("says how the tilt is distributed: a field with that deviation, a third of a code's range", async () => {
    const { given } = await pose(turbulence, { kernelSize: 5, tilt: 0.8 });
    const { law, decode, shape } = given.A.unknowns.tilt!;
    expect(shape).toEqual([2, 16, 16]);
    if (law.is !== 'gaussian field') throw new Error('expected a field');
    const { rows, columns, data } = law.factor;
    const norms = Array.from({ length: rows }, (_, i) =>
      data.subarray(i * columns, (i + 1) * columns).reduce((sum, value) => sum + value * value, 0),
    );
    for (const square of norms) expect(square).toBeCloseTo(1 / 3, 10);
    expect((await decode(tf.scalar(1 / 3)).data())[0]).toBeCloseTo(0.8, 5);
  });

  it('refuses pictures that are not square', async () => {
    await expect(pose(turbulence, {}, tf.ones([2, 3, 16, 32]))).rejects.toThrow(
      'turbulence.tilt: expected square images for 16x32 images, found 1',
    );
  });
});
