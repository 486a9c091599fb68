import { expect, it } from 'vitest';
import { peerEnvironment, torchDevice } from './pytorch.ts';

it("PyTorch's matrix library chooses its kernels itself, whatever the shell says, and has our number of threads", () => {
  const shell = { PATH: '/bin', OPENBLAS_CORETYPE: 'Haswell', OPENBLAS_L2_SIZE: '512', OMP_NUM_THREADS: '9' };
  expect(peerEnvironment(shell, 2)).toEqual({
    PATH: '/bin',
    OMP_NUM_THREADS: '2',
    OPENBLAS_NUM_THREADS: '2',
    PYTHONDONTWRITEBYTECODE: '1',
  });
});

it('PyTorch computes on the device that ours does', () => {
  const asked = (device: string) => torchDevice('false', device);
  expect(asked('cpu:2')).toBe('cpu');
  expect(asked('cuda:1+cpu')).toBe('cuda:1');
  expect(asked('tensorrt:0')).toBe('cuda:0');
});

it('beside WebGPU it computes on the processor where it finds no card', () => {
  expect(torchDevice('false', 'webgpu')).toBe('cpu');
});
