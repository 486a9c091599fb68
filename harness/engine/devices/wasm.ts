import { openEager } from './eager.ts';
import type { DeviceKind } from './kind.ts';

export const wasm: DeviceKind = {
  syntax: 'wasm',
  example: 'wasm',
  summary: 'TensorFlow.js WebAssembly, one thread; a cross-check, slow at gradients',
  pattern: /^wasm$/,
  precisions: ['float32'],
  async open(request) {
    await import('@tensorflow/tfjs-backend-wasm');
    return openEager(request, 'wasm');
  },
};
