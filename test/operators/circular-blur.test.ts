import { beforeAll, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import { circularBlur } from '../../harness/operators/circular-blur.ts';
import { motionBlur } from '../../harness/operators/motion-blur.ts';
import { useDevice } from '../support/device.ts';
import { difference, gaussian, kernels, norm, values } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

it('is the convolution with periodic boundary that sums make', async () => {
  const kernel = kernels(1, 5)[0]!;
  const x = gaussian(0, [2, 3, 12, 8]);
  const blurred = circularBlur({ kernel }, [3, 12, 8]).forward(x);
  const summed = motionBlur([kernel, kernel], 5, [3, 12, 8], { boundary: 'wrap', flip: true }).forward(x);
  expect(await difference(blurred, summed)).toBeLessThan(2e-6 * (await norm(summed)));
});

it('takes kernels larger than the picture, whose ends come around', async () => {
  const kernel = new Float64Array(81).fill(0);
  kernel[4 * 9 + 4] = 1;
  kernel[4 * 9] = 2; // Four pixels off: in a picture of four, where it started.
  const x = gaussian(1, [1, 1, 4, 4]);
  const blurred = await values(circularBlur({ kernel }, [1, 4, 4]).forward(x));
  for (const [i, value] of (await values(x)).entries()) expect(blurred[i]).toBeCloseTo(3 * value, 5);
});

it('keeps rows and columns 0, f, 2f, ... where it decimates', async () => {
  const x = tf.reshape(tf.range(0, 24, 1), [1, 1, 4, 6]);
  const small = await values(circularBlur({ kernel: [1], factor: 2 }, [1, 4, 6]).forward(x));
  for (const [i, value] of [0, 2, 4, 12, 14, 16].entries()) expect(small[i]).toBeCloseTo(value, 4);
});
