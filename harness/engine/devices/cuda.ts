import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceKind, Missing } from './kind.ts';
import { openOnnx } from './onnx.ts';
import { onnxruntimeFolder } from './runtime-folder.ts';

const DRIVER = "the NVIDIA driver, and CUDA 12's and cuDNN 9's libraries where the loader finds them";

export const cuda = nvidia('cuda', {
  summary: 'ONNX Runtime on an NVIDIA card',
  libraries: DRIVER,
});

export const tensorrt = nvidia('tensorrt', {
  summary: 'ONNX Runtime on an NVIDIA card, compiled by TensorRT (the first step takes minutes)',
  libraries: `${DRIVER}; TensorRT 10's libraries`,
});

function nvidia(
  provider: 'cuda' | 'tensorrt',
  { summary, libraries }: { summary: string; libraries: string },
): DeviceKind {
  return {
    syntax: `${provider}:N`,
    example: `${provider}:0`,
    summary,
    pattern: new RegExp(`^${provider}:(?<number>\\d+)(?<fallback>\\+cpu)?$`),
    precisions: ['float32', 'tf32', 'float16'],
    async missing(number): Promise<Missing | null> {
      const lacking = providerNotInstalled(provider);
      if (lacking) return lacking;
      const { providerProblem } = await import('./provider-probe.ts');
      const reason = await providerProblem(provider, number ?? 0);
      return reason === null ? null : { reason, install: libraries };
    },
    open(request) {
      chooseTf32(request.precision === 'tf32');
      return openOnnx(request, { provider, threads: 1, card: request.number! });
    },
  };
}

/** The libraries of NVIDIA read this once, at their first use; float32 means float32 unless TF32 is asked for. */
export function chooseTf32(allowed: boolean): void {
  process.env.NVIDIA_TF32_OVERRIDE = allowed ? '1' : '0';
}

function providerNotInstalled(provider: string): Missing | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const reason = `ONNX Runtime for Node has it on Linux x64 only, and this is ${process.platform} ${process.arch}`;
    return { reason, install: 'another machine, or the device webgpu' };
  }
  const library = `libonnxruntime_providers_${provider}.so`;
  if (existsSync(join(onnxruntimeFolder(), 'bin/napi-v6/linux/x64', library))) return null;
  return { reason: `${library} is not installed`, install: 'npx tweedie doctor --install cuda' };
}
