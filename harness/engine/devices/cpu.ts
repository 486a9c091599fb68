import { availableParallelism } from 'node:os';
import type { DeviceKind } from './kind.ts';
import { openOnnx } from './onnx.ts';

export const cpu: DeviceKind = {
  syntax: 'cpu[:threads]',
  example: 'cpu',
  summary: 'ONNX Runtime on the CPU',
  pattern: /^cpu(?::(?<number>[1-9]\d*))?$/,
  precisions: ['float32'],
  open: (request) =>
    openOnnx(request, { provider: 'cpu', threads: request.number ?? availableParallelism() }),
};
