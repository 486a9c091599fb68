import { expect, it } from 'vitest';
import { peerEnvironment } from './pytorch.ts';

it("PyTorch's matrix library chooses its kernels itself, whatever the shell says, and has our number of threads", () => {
  const shell = { PATH: '/bin', OPENBLAS_CORETYPE: 'Haswell', OPENBLAS_L2_SIZE: '512', OMP_NUM_THREADS: '9' };
  expect(peerEnvironment(shell, 2)).toEqual({
    PATH: '/bin',
    OMP_NUM_THREADS: '2',
    OPENBLAS_NUM_THREADS: '2',
    PYTHONDONTWRITEBYTECODE: '1',
  });
});
