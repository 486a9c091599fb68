import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { gaussianBlur, gaussianKernel } from '../../harness/operators/gaussian-blur.ts';
import { inpainting } from '../../harness/operators/inpainting.ts';
import { motionBlur } from '../../harness/operators/motion-blur.ts';
import type { Operator } from '../../harness/operators/operator.ts';
import { cubic, resizeMatrix } from '../../harness/operators/resize-matrix.ts';
import { superResolution } from '../../harness/operators/super-resolution.ts';
import { useDevice } from '../support/device.ts';
import { distance, type FixtureTensor, readFixture, readManifest } from '../support/fixture.ts';
import { values } from './support.ts';

// DPS's operators and their vector-Jacobian products under PyTorch.
const item = '09-operators';
const manifest = readManifest(item);
const image = [3, 64, 64] as const;

const make: Record<string, (fixture: Record<string, FixtureTensor>) => Operator> = {
  sr_x4: () => superResolution(4, image),
  sr_x8: () => superResolution(8, image),
  'gaussian_blur_61_3.0': () => gaussianBlur({ kernelSize: 61, sigma: 3 }, image),
  motion_blur_61: ({ kernel }) => motionBlur([kernel!.data], 61, image),
  inpainting: ({ mask }) => inpainting(tf.slice(toTensor(mask!), [0, 0, 0, 0], [1, 1, 64, 64])),
};

function toTensor({ shape, data }: FixtureTensor): Tensor {
  return tf.tensor(Float32Array.from(data), [...shape]);
}

describe.each(['cpu-reference', 'cpu'] as const)('on %s', (device) => {
  beforeAll(() => useDevice(device));
  describe.each(Object.keys(make))('%s', (name) => {
    const fixture = readFixture(`${item}/${name}.safetensors`);
    const tolerances = manifest.files[`${name}.safetensors`]!;
    const A = () => make[name]!(fixture);

    async function agrees(actual: Tensor, output: string) {
      expect(actual.shape).toEqual(fixture[output]!.shape);
      const { rel_l2, max_abs } = distance(await values(actual), fixture[output]!.data);
      expect(rel_l2).toBeLessThanOrEqual(tolerances[output]!.tolerance!.rel_l2!);
      expect(max_abs).toBeLessThanOrEqual(tolerances[output]!.tolerance!.max_abs!);
    }

    it('forward', () => agrees(A().forward(toTensor(fixture.x!)), 'y'));

    it('adjoint', () => agrees(A().adjoint!(toTensor(fixture.v!)), 'vjp'));

    it('gradient by automatic differentiation', () => {
      const operator = A();
      const weighted = (x: Tensor) => tf.sum(tf.mul(operator.forward(x), toTensor(fixture.v!)));
      return agrees(tf.grad(weighted)(toTensor(fixture.x!)), 'vjp');
    });
  });
});

it.each(['sr_x4', 'sr_x8'])('%s: the resize matrix is the reference to float32 rounding', (name) => {
  const { matrix_h } = readFixture(`${item}/${name}.safetensors`);
  const [rows, columns] = matrix_h!.shape as [number, number];
  expect(distance(resizeMatrix(columns, rows, cubic).data, matrix_h!.data).max_abs).toBeLessThan(2e-8);
});

it('gaussian blur: the kernel is scipy.ndimage.gaussian_filter of a delta', () => {
  const { kernel_f64 } = readFixture(`${item}/gaussian_blur_61_3.0.safetensors`);
  const line = gaussianKernel(61, 3);
  const plane = Array.from(line, (a) => Array.from(line, (b) => a * b)).flat();
  expect(distance(plane, kernel_f64!.data).max_abs).toBeLessThanOrEqual(1e-15);
});
