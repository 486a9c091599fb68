/** The device tensorflow:N, with a package in the place of @tensorflow/tfjs-node-gpu that computes by tfjs's own loops. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDevice } from '../../harness/engine/device.ts';
import { conv2d, silu } from '../../harness/engine/ops.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';

const require = createRequire(import.meta.url);
const STAND_IN = `
  if (process.env.STAND_IN === 'broken') throw new Error('libcudart.so.11.0: cannot open shared object file');
  const tf = require(${JSON.stringify(require.resolve('@tensorflow/tfjs'))});
  const CpuBackend = tf.findBackend('cpu').constructor;
  tf.registerBackend('tensorflow', () =>
    Object.assign(new CpuBackend(), { isUsingGpuDevice: process.env.STAND_IN === process.env.CUDA_VISIBLE_DEVICES }), 9);
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    if (!tf.getKernel(kernel.kernelName, 'tensorflow')) tf.registerKernel({ ...kernel, backendName: 'tensorflow' });
  }
  tf.setBackend('tensorflow');
  module.exports = tf;
`;

/** Reads NODE_PATH again. */
const initPaths = () => (Module as unknown as { _initPaths(): void })._initPaths();

describe('tensorflow:N', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-tensorflow-'));
  beforeAll(() => {
    const packageDir = join(dir, '@tensorflow/tfjs-node-gpu');
    mkdirSync(packageDir, { recursive: true });
    writeFileSync(join(packageDir, 'index.js'), STAND_IN);
    vi.stubEnv('NODE_PATH', dir);
    initPaths();
  });
  afterEach(() => {
    vi.stubEnv('STAND_IN', undefined);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    initPaths();
    rmSync(dir, { recursive: true });
  });

  it('is not there where the package does not load: its reason', async () => {
    vi.stubEnv('STAND_IN', 'broken');
    await expect(openDevice('tensorflow:0')).rejects.toThrow(
      'device tensorflow:0 is not there: Error: libcudart.so.11.0: cannot open shared object file; what it needs: ',
    );
  });

  it('is not there where TensorFlow finds no card, and would take the CPU', async () => {
    vi.stubEnv('STAND_IN', '1');
    await expect(openDevice('tensorflow:0')).rejects.toThrow('is not there: TensorFlow found no card');
  });

  it('counts among the cards that the process was given', async () => {
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '4,7');
    vi.resetModules();
    const { tensorflow } = await import('../../harness/engine/devices/tensorflow.ts');
    vi.stubEnv('STAND_IN', '7');
    expect(await tensorflow.missing?.(1)).toBeNull();
    expect(await tensorflow.missing?.(0)).toMatchObject({ reason: 'TensorFlow found no card' });
    expect(await tensorflow.missing?.(2)).toMatchObject({ reason: 'TensorFlow found no card' });
    vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined);
  });

  it('is the card of that number, computes in float32, and runs our operators', async () => {
    vi.stubEnv('STAND_IN', '1');
    const device = await openDevice('tensorflow:1');
    expect(device.info()).toMatchObject({ engine: 'tensorflow.js', provider: 'tensorflow' });
    expect(process.env).toMatchObject({ CUDA_VISIBLE_DEVICES: '1', NVIDIA_TF32_OVERRIDE: '0' });
    expect(tf.getBackend()).toBe('tensorflow');
    const w = device.constant(new Float32Array(9).fill(1), [1, 1, 3, 3]);
    const step = device.compile((x: Tensor) => tf.grad((x) => silu(conv2d(x, w, null, { padding: 1 })))(x));
    const gradient = await (await step(tf.zeros([1, 1, 2, 2]))).data();
    // silu'(0) = 1/2, and each pixel is in reach of all four.
    expect([...gradient]).toEqual([2, 2, 2, 2]);
  });
});
