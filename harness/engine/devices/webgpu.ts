import type { DeviceKind } from './kind.ts';
import { openOnnx } from './onnx.ts';

const INSTALL =
  "the graphics card's driver; on Linux one with Vulkan, and its loader (Debian: apt install libvulkan1)";

export const webgpu: DeviceKind = {
  syntax: 'webgpu',
  example: 'webgpu',
  summary: 'ONNX Runtime on a GPU through WebGPU (Vulkan, Metal or Direct3D 12)',
  pattern: /^webgpu(?<fallback>\+cpu)?$/,
  precisions: ['float32', 'float16'],
  async missing() {
    const { providerProblem } = await import('./provider-probe.ts');
    const reason = await providerProblem('webgpu');
    return reason === null ? null : { reason, install: INSTALL };
  },
  open: (request) => openOnnx(request, { provider: 'webgpu', threads: 1 }),
};
