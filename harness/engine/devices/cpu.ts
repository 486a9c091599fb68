import { availableParallelism } from 'node:os';
import type { DeviceKind } from './kind.ts';
import { openOnnx } from './onnx.ts';

/** Threads wait for each other by spinning: with many more of them than cores, nothing gets done. */
const THREADS_PER_CORE = 4;

export const cpu: DeviceKind = {
  syntax: 'cpu[:threads]',
  example: 'cpu',
  summary: 'ONNX Runtime on the CPU',
  pattern: /^cpu(?::(?<number>[1-9]\d*))?$/,
  precisions: ['float32'],
  async missing(threads) {
    const cores = availableParallelism();
    const most = THREADS_PER_CORE * cores;
    if (threads === null || threads <= most) return null;
    return {
      reason: `${threads} threads would wait for each other on this machine's ${cores} cores`,
      install: `at most ${most} threads, or a machine of more cores`,
    };
  },
  open: (request) =>
    openOnnx(request, { provider: 'cpu', threads: request.number ?? availableParallelism() }),
};
